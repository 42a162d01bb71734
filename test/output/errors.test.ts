import { describe, expect, it } from 'vitest'
import { renderError } from '../../src/output/errors.ts'

describe('an error on stderr', () => {
  it('says what went wrong and what to do next', () => {
    expect(renderError({ code: 'auth', message: 'not signed in', hint: 'orafi login' }, false)).toBe(
      'error: not signed in\nhint: orafi login',
    )
    expect(renderError({ code: 'auth', message: 'not signed in' }, false)).toBe('error: not signed in')
  })

  it('is one line of JSON if JSON was requested', () => {
    expect(renderError({ code: 'api_error', message: 'refused\nwhy', status: 409, hint: 'look' }, true)).toBe(
      '{"error":{"code":"api_error","message":"refused\\nwhy","status":409,"hint":"look"}}',
    )
    expect(renderError({ code: 'usage', message: 'no' }, true)).toBe(
      '{"error":{"code":"usage","message":"no"}}',
    )
  })

  it('lets no control character through, whoever wrote the message', () => {
    expect(renderError({ code: 'api_error', message: '\x1b[2J\u202e', hint: '\x9b' }, false)).toBe(
      'error: \\x1b[2J\\u202e\nhint: \\x9b',
    )
    expect(renderError({ code: 'api_error', message: '\x9b\u202e' }, true)).not.toMatch(/[\x9b\u202e]/)
  })
})
