// `npm run dev -- customers list --sandbox`: the program from src/, so that no stale dist/ can mislead.
import process from 'node:process'
import { main } from '../src/main.ts'
import { worldOf } from '../src/world.ts'

process.exitCode = await main(process.argv.slice(2), worldOf(process))
