import { describe, expect, it } from 'vitest'
import { parseFields } from '../../src/globals.ts'

describe('--fields', () => {
  it('takes documented names in the order they are given', () => {
    expect(parseFields('email,id, totalSpent')).toEqual(['email', 'id', 'totalSpent'])
  })

  it.each(['names', 'id,ID', 'id,extra', 'name,first', '', 'id,', 'id,id', 'toString', '\x1b[2J'])(
    'refuses %j and lists the eight',
    (text) => {
      expect(() => parseFields(text)).toThrow(
        expect.objectContaining({
          code: 'usage',
          hint: 'the fields are id, firstname, lastname, email, mode, totalSpent, createdAt, updatedAt',
        }),
      )
    },
  )

  it('makes what it refuses visible', () => {
    expect(() => parseFields('\x1b[2J')).toThrow('unknown field \\x1b[2J')
  })
})
