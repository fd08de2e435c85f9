import { expect, it } from 'vitest'
import { isForbiddenAddress, isLoopbackHost, isMachineLocalAddress } from './loopback.ts'

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

it('knows where no registry is, in whatever form it is written', () => {
  for (const url of [
    'http://169.254.169.254',
    'http://0xa9.0xfe.0xa9.0xfe',
    'http://0251.0376.0251.0376',
    'http://169.254.43518',
    'http://[::ffff:a9fe:a9fe]',
    'http://[64:ff9b::169.254.169.254]',
    'http://[2002:a9fe:a9fe::1]',
    'http://[fd00:ec2::254]',
    'http://100.100.100.200',
    'http://192.0.0.192',
    'http://[64:ff9b::100.100.100.200]',
    'http://[64:ff9b::168.63.129.16]',
    'http://[64:ff9b::192.0.0.192]',
    'http://0.0.0.0',
    'http://0',
    'http://[::]',
    'http://[fe80::1]',
    'http://239.1.2.3',
    'http://[ff02::1]',
    'http://255.255.255.255',
  ]) {
    expect(isForbiddenAddress(new URL(url).hostname), url).toBe(true)
  }
  for (const address of [
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    'fd00::1',
  ]) {
    expect(isForbiddenAddress(address), address).toBe(false)
  }
})
