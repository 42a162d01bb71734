#!/usr/bin/env node
import process from 'node:process'
import { main } from '../dist/main.js'
import { worldOf } from '../dist/world.js'

process.exitCode = await main(process.argv.slice(2), worldOf(process))
