import { type ImageImport, newImageImportSchema, pageSchema } from '@plimsoll/types'
import { z } from 'zod'
import { cancelImport, type ImportPage, listImports, retryImport, startImport } from '../imports/store.ts'
import { refuseOwnSource } from '../imports/wanted.ts'
import { allowed, readingWithin, router } from './trpc.ts'

const importing = allowed('imports/write')
const byId = z.object({ id: z.string().max(40) })

export const imports = router({
  list: readingWithin
    .input(z.object(pageSchema.shape))
    .query(({ ctx, input }): ImportPage => listImports(ctx.db, input)),
  start: importing.input(newImageImportSchema).mutation(async ({ ctx, input }): Promise<ImageImport> => {
    const { secrets, ownOrigins } = ctx.connections
    await refuseOwnSource(ctx.db, input, ownOrigins())
    return startImport(input, { ...ctx, secrets })
  }),
  cancel: importing
    .input(byId)
    .mutation(
      ({ ctx, input }): ImageImport => cancelImport(input.id, { ...ctx, secrets: ctx.connections.secrets }),
    ),
  retry: importing
    .input(byId)
    .mutation(
      ({ ctx, input }): ImageImport => retryImport(input.id, { ...ctx, secrets: ctx.connections.secrets }),
    ),
})
