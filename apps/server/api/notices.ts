import { z } from 'zod'
import { listNotices, type NoticeList } from '../notices/list.ts'
import { readingWithin, router } from './trpc.ts'

export const notices = router({
  list: readingWithin
    .input(z.object({ after: z.int().nonnegative() }))
    .query(({ ctx, input }): NoticeList => listNotices(ctx.db, input.after, input.scope)),
})
