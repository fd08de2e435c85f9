import { expect, it } from 'vitest'
import { isLoopbackHost, isMachineLocalAddress } from './loopback.ts'

it.each([
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.localhost',
  '127.0.0.1',
  '127.255.0.9',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
])('takes %s for this machine', host => expect(isLoopbackHost(host)).toBe(true))

it.each([
  'localhost.example',
  'notlocalhost',
  '128.0.0.1',
  '10.0.0.1',
  '0.0.0.0',
  '::2',
  '127.0.0.1.example',
  '',
])('takes %j for another', host => expect(isLoopbackHost(host)).toBe(false))

it('knows the addresses that no stranger may send us to', () => {
  for (const address of [
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '::1',
    '::',
    'fe80::1',
    '::ffff:169.254.169.254',
  ]) {
    expect(isMachineLocalAddress(address), address).toBe(true)
  }
  for (const address of ['10.0.0.1', '192.168.1.1', '93.184.216.34', '2606:2800::1', 'fd00::1']) {
    expect(isMachineLocalAddress(address), address).toBe(false)
  }
})
