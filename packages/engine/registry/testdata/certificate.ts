import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireAptTool, run } from './apt-tool.ts'

/** A certificate for localhost and 127.0.0.1 that signs itself, and its key, both PEM. Made anew each time. */
export async function makeCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  requireAptTool('openssl')
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-certificate-'))
  const [keyPath, certPath] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  try {
    await run('openssl', [
      ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-days', '2'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', keyPath, '-out', certPath],
    ])
    return { key: await readFile(keyPath, 'utf8'), cert: await readFile(certPath, 'utf8') }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The same for 127.0.0.1, of January 2020. `openssl ca` is the one that takes dates, and wants a place for its books. */
export async function makeExpiredCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  requireAptTool('openssl')
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-certificate-'))
  const [key, request, cert, books, serial, config] = ['key', 'request', 'cert', 'books', 'serial', 'config'].map(name =>
    join(directory, name),
  ) as [string, string, string, string, string, string]
  try {
    await writeFile(books, '')
    await writeFile(serial, '01')
    const settings = [
      ...['[ca]', 'default_ca = own', '[own]', `database = ${books}`, `serial = ${serial}`],
      ...[`new_certs_dir = ${directory}`, 'default_md = sha256', 'policy = names'],
      ...['[names]', 'commonName = supplied', '[extensions]', 'subjectAltName = IP:127.0.0.1'],
    ]
    await writeFile(config, settings.join('\n'))
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    await run('openssl', ['req', '-new', '-nodes', ...curve, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', request])
    await run('openssl', [
      ...['ca', '-batch', '-selfsign', '-notext', '-config', config, '-extensions', 'extensions', '-keyfile', key],
      ...['-in', request, '-out', cert, '-startdate', '20200101000000Z', '-enddate', '20200201000000Z'],
    ])
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
