import {
  type ManagementGroup,
  newManagementGroupSchema,
  type ScopeTree,
  scopeNameSchema,
} from '@plimsoll/types'
import { z } from 'zod'
import { createGroup, deleteGroup, moveGroup, renameGroup } from '../scopes/groups.ts'
import { allowed, reading, router } from './trpc.ts'

const writing = allowed('scopes/write')
const id = z.string().max(100)

export const scopes = router({
  tree: reading.query(({ ctx }): Promise<ScopeTree> => ctx.heavyReads.tree()),
  createGroup: writing
    .input(newManagementGroupSchema)
    .mutation(({ ctx, input }): ManagementGroup => createGroup(input, ctx)),
  renameGroup: writing
    .input(z.object({ id, name: scopeNameSchema }))
    .mutation(({ ctx, input }): ManagementGroup => renameGroup(input, ctx)),
  moveGroup: writing
    .input(z.object({ id, parentId: id }))
    .mutation(({ ctx, input }): ManagementGroup => moveGroup(input, ctx)),
  deleteGroup: writing
    .input(z.object({ id }))
    .mutation(({ ctx, input }): { deleted: true } => deleteGroup(input, ctx)),
})
