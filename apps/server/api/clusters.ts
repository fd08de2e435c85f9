import type { Cluster } from '@plimsoll/types'
import { listClusters } from '../clusters/list.ts'
import { reading, router } from './trpc.ts'

export const clusters = router({
  list: reading.query(({ ctx }): Cluster[] => listClusters(ctx.db)),
})
