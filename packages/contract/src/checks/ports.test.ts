import { expect, it } from 'vitest'
import { parseListeners } from './ports.ts'

const header =
  'tcp:  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const rest = '00000000:00000000 00:00000000 00000000  1000        0 123603 1 00000000ed8d1461 100 0 0 10 0'

it.each([
  ['on all IPv4 addresses', `tcp:   0: 00000000:1F90 00000000:0000 0A ${rest}`, '8080/tcp', false],
  ['on one IPv4 address', `tcp:   0: 020011AC:1F90 00000000:0000 0A ${rest}`, '8080/tcp', false],
  ['on 127.0.0.1', `tcp:   0: 0100007F:1F90 00000000:0000 0A ${rest}`, '8080/tcp', true],
  [
    'on all IPv6 addresses',
    `tcp6:   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A ${rest}`,
    '8080/tcp',
    false,
  ],
  [
    'on ::1',
    `tcp6:   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A ${rest}`,
    '8080/tcp',
    true,
  ],
  [
    'on ::ffff:127.0.0.1',
    `tcp6:   0: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A ${rest}`,
    '8080/tcp',
    true,
  ],
  ['for datagrams', `udp: 1234: 00000000:0035 00000000:0000 07 ${rest}`, '53/udp', false],
])('finds a listener %s', (_, line, port, loopback) => {
  expect(parseListeners(`${header}\n${line}\n`)).toEqual([{ port, loopback }])
})

it.each([
  ['an open connection', `tcp:   0: 0100007F:1F90 0100007F:D1A2 01 ${rest}`],
  ['a datagram socket with a peer', `udp: 1234: 020011AC:D1A2 08080808:0035 01 ${rest}`],
  ["Docker's DNS server", `tcp:   0: 0B00007F:B0C1 00000000:0000 0A ${rest}`],
])('takes %s for no listener', (_, line) => {
  expect(parseListeners(`${header}\n${line}\n`)).toEqual([])
})
