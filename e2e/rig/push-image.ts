import { run } from '../../packages/engine/testdata/umoci.ts'

/**
 * Pushes an image of an OCI layout into a registry over plain http, as people do.
 * @param from `LAYOUT:TAG`. @param to `HOST/REPOSITORY:TAG`.
 */
export const pushImage = async (from: string, to: string, flags: readonly string[] = []): Promise<void> => {
  await run('skopeo', [
    'copy',
    '--quiet',
    '--insecure-policy',
    '--dest-tls-verify=false',
    ...flags,
    `oci:${from}`,
    `docker://${to}`,
  ])
}
