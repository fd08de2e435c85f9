import Button from '@mui/material/Button'
import type { RegistrySummary } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useSay } from '../../app/announcement.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { CredentialFields } from '../../connection/credential-fields.tsx'
import { CheckField } from '../../ui/check-field.tsx'
import { DraftFormFrame, useDraftForm } from '../../ui/draft-form.tsx'
import { ExactField, LabelledSelect } from '../../ui/fields.tsx'
import { ActionLine, FieldGroup, Pair } from '../../ui/form-parts.ts'
import { Muted } from '../../ui/page.tsx'
import { Refused } from '../../ui/refused.tsx'
import { copy } from './copy.ts'
import { emptyImport, readImport, sourceCredentialKinds } from './import-draft.ts'

interface ImportFormProps {
  readonly targets: readonly RegistrySummary[]
  /** Where the import was asked for from an image's page: that image. */
  readonly source: string
  readonly plainHttp: boolean
}

/** What to copy, from where with what, and to where. */
export function ImportForm({ targets, source, plainHttp }: ImportFormProps) {
  const form = useDraftForm(() => emptyImport(targets[0]?.id ?? '', source, plainHttp), readImport)
  const { draft, problems, change } = form
  const say = useSay()
  const start = useMutation(
    trpc.imports.start.mutationOptions({
      onSuccess: () => {
        say(copy.started)
        // The target is often the same for the next; the secret is not kept longer than it is needed.
        form.restart(emptyImport(draft.registryId, '', false))
        return queryClient.invalidateQueries(trpc.imports.pathFilter())
      },
    }),
  )
  const field = (name: 'repository' | 'tag' | 'platform', label: string, help: string) => (
    <ExactField
      label={label}
      help={help}
      value={draft[name]}
      onChange={event => change({ [name]: event.target.value })}
    />
  )
  return (
    <DraftFormFrame form={form} onSend={({ image }) => start.mutate(image)}>
      <ExactField
        label={copy.source}
        help={copy.sourceHelp}
        problem={problems.source}
        value={draft.source}
        inputProps={{ maxLength: 600 }}
        onChange={event => change({ source: event.target.value })}
      />
      <Pair>
        <LabelledSelect
          label={copy.target}
          value={draft.registryId}
          onChange={event => change({ registryId: event.target.value })}
          options={targets.map(({ id, name }) => ({ value: id, label: name }))}
        />
        {field('repository', copy.repository, copy.repositoryHelp)}
        {field('tag', copy.tag, copy.tagHelp)}
        {field('platform', copy.platform, copy.platformHelp)}
      </Pair>
      <FieldGroup>
        <legend>{copy.sourceAccess}</legend>
        <Muted style={{ fontSize: '0.75rem' }}>{copy.sourceHelpCredentials}</Muted>
        <CredentialFields
          draft={draft.credentials}
          kinds={sourceCredentialKinds}
          noneText={copy.connected}
          problems={problems}
          onChange={credentials => change({ credentials })}
        />
        <CheckField
          label={copy.plainHttp}
          help={copy.plainHttpHelp}
          checked={draft.plainHttp}
          onChange={checked => change({ plainHttp: checked })}
        />
      </FieldGroup>
      <Refused title={copy.refused} error={start.error} />
      <ActionLine>
        <Button type="submit" variant="contained" disabled={start.isPending}>
          {copy.start}
        </Button>
      </ActionLine>
    </DraftFormFrame>
  )
}
