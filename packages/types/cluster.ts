import { z } from 'zod'

/** A Kubernetes cluster whose pods are listed. */
export const clusterSchema = z.object({
  name: z.string(),
  listedAt: z.iso.datetime().nullable(),
  /** Why it could not be listed, in a sentence. */
  error: z.string().nullable(),
  pods: z.int(),
  /** Different images its pods run, and how many of them are in connected registries. */
  images: z.int(),
  knownImages: z.int(),
})
export type Cluster = z.infer<typeof clusterSchema>
