import { type Digest, digestSchema } from '@plimsoll/types'
import { z } from 'zod'
import { sha256 } from './blob.ts'
import { maxManifestBytes } from './client.ts'
import { notAManifest, parseJson } from './manifest.ts'
import { SourceError } from './source-error.ts'
import { has, readSmall, type StoredFile, type StoredFiles, shortList } from './stored-file.ts'

/** An image of a Docker archive, as its manifest.json lists it (Docker Image Specification v1.2). */
export interface DockerImage {
  /** Paths of its configuration and its layers in the archive; layers bottom first. */
  readonly config: string
  readonly layers: readonly string[]
  /** `app:1.0`. */
  readonly names: readonly string[]
}

const manifestSchema = z.array(
  z.object({
    Config: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    Layers: z.array(z.string()).nullish(),
  }),
)

/** @throws SourceError `source-unreadable` when the archive is of another kind, `manifest-invalid` */
export async function readDockerManifest(
  files: StoredFiles,
  signal: AbortSignal,
): Promise<readonly DockerImage[]> {
  const { place } = files
  const file = await files.open('manifest.json', signal)
  if (file === null) {
    throw new SourceError('source-unreadable', `${place} is not a Docker archive: it has no manifest.json.`, {
      hint: await insteadOf(files, signal),
    })
  }
  const bytes = await readSmall(file, maxManifestBytes, `manifest.json in ${place}`, signal)
  const parsed = manifestSchema.safeParse(parseJson(bytes, 'manifest.json'))
  if (!parsed.success) throw notAManifest(parsed.error, 'manifest.json')
  return parsed.data.map(({ Config, RepoTags, Layers }) => ({
    config: Config,
    layers: Layers ?? [],
    names: RepoTags ?? [],
  }))
}

/** What to write in place of a reference that does not fit. */
async function insteadOf(files: StoredFiles, signal: AbortSignal): Promise<string> {
  const { place } = files
  if (await has(files, 'index.json', signal)) return `It is an OCI layout: write oci-archive:${place}`
  if (await has(files, 'repositories', signal))
    return 'Save the image again, with Docker 1.10 or a newer one.'
  return 'Name what docker save wrote. What docker export wrote is a root file system: unpack it, and write rootfs:DIR.'
}

/**
 * The image that is meant.
 * @throws SourceError `image-not-found` when there is none of that name, or several and none was named
 */
export async function chooseImage(
  images: readonly DockerImage[],
  choice: { readonly name: string | null; readonly imageId: Digest | null },
  files: StoredFiles,
  signal: AbortSignal,
): Promise<DockerImage> {
  const found =
    choice.imageId === null ? byName(images, choice.name) : await byId(images, choice.imageId, files, signal)
  const [only, ...more] = found
  if (only !== undefined && more.length === 0) return only
  const { place } = files
  const names = found.flatMap(image => image.names)
  const [first] = names
  if (only === undefined) {
    const what = choice.imageId ?? (choice.name === null ? 'image' : `image named "${choice.name}"`)
    throw new SourceError('image-not-found', `The archive ${place} holds no ${what}.`, {
      hint: images.length === 0 ? null : listed(images),
    })
  }
  const which = choice.name === null ? '' : ` tagged "${choice.name}"`
  throw new SourceError('image-not-found', `The archive ${place} holds ${found.length} images${which}.`, {
    hint:
      first === undefined
        ? `Name one by its id: docker-archive:${place}@${await idOf(only, files, signal)}`
        : `${listed(found)} Name one: docker-archive:${place}:${first}`,
  })
}

function byName(images: readonly DockerImage[], name: string | null): readonly DockerImage[] {
  if (name === null) return images
  const wanted = fullName(name)
  // Where several have one name, docker load gives it to the last.
  const named = images.findLast(image => image.names.some(each => fullName(each) === wanted))
  if (named !== undefined) return [named]
  return images.filter(image => image.names.some(each => each.endsWith(`:${name}`)))
}

async function byId(
  images: readonly DockerImage[],
  id: Digest,
  files: StoredFiles,
  signal: AbortSignal,
): Promise<readonly DockerImage[]> {
  for (const image of images) if ((await idOf(image, files, signal)) === id) return [image]
  return []
}

/** Digest of the image's configuration: what its name says, which is checked when it is used, else what it has. */
async function idOf(image: DockerImage, files: StoredFiles, signal: AbortSignal): Promise<Digest> {
  const stated = imageIdOf(image)
  if (stated !== null) return stated
  const what = "An image's configuration"
  const file = await openMember(files, image.config, what, signal)
  return `sha256:${sha256(await readSmall(file, maxManifestBytes, what, signal))}`
}

/**
 * The id that the name of an image's configuration carries: `<hex>.json` of Docker and skopeo, `blobs/sha256/<hex>`
 * of Docker since 25, `sha256:<hex>` of others; null when it carries none.
 */
export function imageIdOf({ config }: DockerImage): Digest | null {
  const [, hex] = /(?:^|\/|sha256:)([0-9a-f]{64})(?:\.json)?$/.exec(config) ?? []
  return digestSchema.safeParse(`sha256:${hex}`).data ?? null
}

/** Docker's short names, `alpine` for `docker.io/library/alpine:latest`, made the same. */
function fullName(name: string): string {
  const tagged = name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`
  return tagged.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '')
}

function listed(images: readonly DockerImage[]): string {
  const names = images.flatMap(image => image.names)
  return names.length === 0 ? 'Its images have no names.' : `It has ${shortList(names)}.`
}

/** Opens what manifest.json names. @throws SourceError `image-not-found` */
export async function openMember(
  files: StoredFiles,
  path: string,
  what: string,
  signal: AbortSignal,
): Promise<StoredFile> {
  const file = await files.open(path, signal)
  if (file !== null) return file
  throw new SourceError('image-not-found', `${what} is not in the archive ${files.place}.`, {
    hint: 'The archive is incomplete. Save the image again.',
  })
}
