import { Muted } from './page.tsx'
import { When } from './when.tsx'

interface PushedProps {
  readonly at: string | null
  /** The registry told of it. Otherwise the time is when a listing found the image, whenever it was pushed. */
  readonly told: boolean
}

/** When something was pushed; or that it was found then, where nobody told of its push. */
export const Pushed = ({ at, told }: PushedProps) =>
  told || at === null ? (
    <When at={at} />
  ) : (
    <span title="When it was pushed is not known: it was found by looking">
      <Muted>found</Muted> <When at={at} />
    </span>
  )
