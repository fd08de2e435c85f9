import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Reaches this machine or its own link only: loopback, unspecified and link-local (RFC 6890). */
const machineLocal = new BlockList()
machineLocal.addSubnet('127.0.0.0', 8, 'ipv4')
machineLocal.addSubnet('0.0.0.0', 8, 'ipv4')
machineLocal.addSubnet('169.254.0.0', 16, 'ipv4')
machineLocal.addAddress('::', 'ipv6')
machineLocal.addAddress('::1', 'ipv6')
machineLocal.addSubnet('fe80::', 10, 'ipv6')

/** Whether a host name of a URL (IPv6 in brackets or not) means this machine without asking a resolver. */
export function isLoopbackHost(hostname: string): boolean {
  const host = bare(hostname)
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return contains(loopback, host)
}

/** Whether an IP address is one that only this machine or its link can mean, so that a stranger may not send us there. */
export function isMachineLocalAddress(address: string): boolean {
  return contains(machineLocal, bare(address))
}

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
