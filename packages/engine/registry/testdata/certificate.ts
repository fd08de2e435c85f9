import { mkdtemp, readFile, rm } from 'node:fs/promises'
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
