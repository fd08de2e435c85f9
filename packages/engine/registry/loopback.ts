import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * Where no registry is: unspecified, link-local, multicast and reserved addresses (RFC 6890), and where clouds tell
 * their machines' secrets to whoever asks from there: link-local most of them (169.254.169.254), the others by name.
 */
const noRegistry = new BlockList()
noRegistry.addSubnet('0.0.0.0', 8, 'ipv4')
noRegistry.addSubnet('169.254.0.0', 16, 'ipv4')
noRegistry.addSubnet('224.0.0.0', 4, 'ipv4')
noRegistry.addSubnet('240.0.0.0', 4, 'ipv4')
noRegistry.addAddress('100.100.100.200', 'ipv4') // Alibaba Cloud
noRegistry.addAddress('168.63.129.16', 'ipv4') // Azure's own channel to its machines
noRegistry.addAddress('192.0.0.192', 'ipv4') // Oracle Cloud's older place for it (RFC 6890: for protocols alone)
noRegistry.addAddress('::', 'ipv6')
noRegistry.addSubnet('fe80::', 10, 'ipv6')
noRegistry.addSubnet('ff00::', 8, 'ipv6')
noRegistry.addAddress('fd00:ec2::254', 'ipv6') // Amazon EC2
noRegistry.addAddress('fd20:ce::254', 'ipv6') // Google Cloud
// The same addresses in the forms that translate IPv4 (RFC 6052, RFC 3056).
noRegistry.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6')
noRegistry.addAddress('64:ff9b::6464:64c8', 'ipv6')
noRegistry.addAddress('64:ff9b::a83f:8110', 'ipv6')
noRegistry.addAddress('64:ff9b::c000:c0', 'ipv6')
noRegistry.addSubnet('2002:a9fe::', 32, 'ipv6')

/** Whether a host name of a URL (IPv6 in brackets or not) means this machine without asking a resolver. */
export function isLoopbackHost(hostname: string): boolean {
  const host = bare(hostname)
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return contains(loopback, host)
}

/** Whether an IP address is one that only this machine or its link can mean, so that a stranger may not send us there. */
export function isMachineLocalAddress(address: string): boolean {
  return contains(loopback, bare(address)) || isForbiddenAddress(address)
}

/** Whether no registry can be at an IP address, whoever names it: nothing is ever sent there. */
export const isForbiddenAddress = (address: string): boolean => contains(noRegistry, bare(address))

/** `[::1]` and `LOCALHOST.` as `::1` and `localhost`. */
function bare(hostname: string): string {
  return hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()
}

function contains(list: BlockList, host: string): boolean {
  const family = isIP(host)
  // BlockList itself sees through IPv4-mapped IPv6 addresses (::ffff:127.0.0.1).
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
