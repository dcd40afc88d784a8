// Takes comments and empty lines out.
import { readFileSync } from 'node:fs'

const lines = readFileSync(process.argv[2], 'utf8').split('\n')
console.log(lines.filter((line) => !/^\s*(\/\/.*)?$/.test(line)).join('\n'))
