import Button from '@mui/material/Button'
import type { ImageDetail } from '@plimsoll/types'
import { useState } from 'react'
import { paths } from '../../app/paths.ts'
import { Link } from '../../app/scoped-link.tsx'
import { useMayConnect } from '../../app/session.tsx'
import { copy } from './copy.ts'
import { DeleteImage } from './delete-image.tsx'
import { RequestScan } from './scan-state.tsx'

/**
 * What may be done with an image; readers see the scan alone, and why they cannot ask for one. Of one that is deleted the
 * registry can be asked whether it has it. A sample of the
 * demonstration is in no registry, so it can only be scanned.
 */
export function ImageActions({ image }: { image: ImageDetail }) {
  const mayReach =
    useMayConnect() === 'granted' && image.registryKind !== 'demonstration' && image.deletedAt === null
  const [deleting, setDeleting] = useState(false)
  return (
    <>
      <RequestScan image={image} />
      {mayReach && (
        <>
          <Button component={Link} to={paths.importOf(image)}>
            {copy.importElsewhere}
          </Button>
          <Button onClick={() => setDeleting(true)}>{copy.remove}</Button>
          {deleting && <DeleteImage image={image} onClose={() => setDeleting(false)} />}
        </>
      )}
    </>
  )
}
