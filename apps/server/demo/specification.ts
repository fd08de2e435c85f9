import { readdirSync, readFileSync } from 'node:fs'
import { platformSchema } from '@plimsoll/types'
import { z } from 'zod'

const paths = z.record(z.string(), z.string())

const layerSpecificationSchema = z.strictObject({
  /** The instruction, as the image's history will say it. */
  createdBy: z.string(),
  /** An instruction that makes no layer, such as CMD. */
  empty: z.literal(true).optional(),
  /** Lines of /usr/lib/os-release. */
  osRelease: z.array(z.string()).optional(),
  /** Package lists (in `packages/`) whose packages are installed or upgraded here. */
  install: z.array(z.string()).optional(),
  /** Names of packages that are removed here. */
  remove: z.array(z.string()).optional(),
  /** Text files by path. */
  files: paths.optional(),
  /** Executable files by path, in base64. */
  programs: paths.optional(),
  /** Paths of lower layers that this one deletes. */
  deleted: z.array(z.string()).optional(),
  compression: z.enum(['gzip', 'none']).default('gzip'),
  /** Stores only this many bytes of the layer's blob, as an upload that broke off would have left it. */
  storedBytes: z.int().positive().optional(),
})
export type LayerSpecification = z.infer<typeof layerSpecificationSchema>

const specificationSchema = z.strictObject({
  /** Where the image was pushed to; in two repositories it is one image and two occurrences. */
  repositories: z.array(z.strictObject({ name: z.string(), tags: z.array(z.string()) })).min(1),
  createdAt: z.iso.datetime(),
  pushedAt: z.iso.datetime(),
  platform: platformSchema,
  packageDatabase: z.enum(['dpkg', 'apk', 'none']),
  layers: z.array(layerSpecificationSchema).min(1),
})
/** A sample image: facts from which its bytes follow. */
export type Specification = z.infer<typeof specificationSchema>

const folder = new URL('./specifications/', import.meta.url)

/** Every sample image's specification, in the order of the files' names. */
export function readSpecifications(): Specification[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .toSorted()
    .map(name => specificationSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))
}

/** The text of a package list that a specification names. */
export function readPackageList(name: string): string {
  return readFileSync(new URL(`packages/${name}.txt`, folder), 'utf8')
}
