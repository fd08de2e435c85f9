import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireAptTool, run } from './apt-tool.ts'

/**
 * Makes an OCI layout with umoci: one image, one layer for each file.
 *
 * @param files path in the image -> content, bottom layer first
 */
export async function writeTinyImage(layout: string, tag: string, files: Readonly<Record<string, string>>): Promise<void> {
  requireAptTool('umoci')
  await run('umoci', ['init', '--layout', layout]).catch((error: unknown) => {
    // A second image goes into the layout that is there.
    if (!String(error).includes('exists')) throw error
  })
  await run('umoci', ['new', '--image', `${layout}:${tag}`])
  await run('umoci', ['config', '--image', `${layout}:${tag}`, '--architecture', 'amd64', '--os', 'linux'])
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-tiny-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      const file = join(directory, 'content')
      await writeFile(file, content)
      await run('umoci', ['insert', '--rootless', '--image', `${layout}:${tag}`, file, path])
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** `skopeo copy` without signature policies and without TLS. */
export async function skopeoCopy(from: string, to: string, ...options: readonly string[]): Promise<void> {
  requireAptTool('skopeo')
  await run('skopeo', [
    '--insecure-policy',
    'copy',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
    ...options,
    from,
    to,
  ])
}
