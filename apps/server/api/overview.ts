import type { Overview } from '@plimsoll/types'
import { reading, router } from './trpc.ts'

export const overview = router({
  get: reading.query(({ ctx }): Promise<Overview> => ctx.heavyReads.overview()),
})
