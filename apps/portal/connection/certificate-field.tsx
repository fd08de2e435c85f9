import Button from '@mui/material/Button'
import { useRef } from 'react'
import { monospace } from '../app/theme.ts'
import { Field } from '../ui/fields.tsx'
import { copy } from './copy.ts'

interface CertificateFieldProps {
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (pem: string) => void
}

/** A certificate authority as text, or from a file. */
export function CertificateField({ value, problem, onChange }: CertificateFieldProps) {
  const file = useRef<HTMLInputElement>(null)
  return (
    <div>
      <Field
        label={copy.certificate}
        help={copy.certificateHelp}
        problem={problem}
        value={value}
        multiline
        minRows={2}
        maxRows={8}
        spellCheck={false}
        onChange={event => onChange(event.target.value)}
        sx={{ fontFamily: monospace, fontSize: '0.75rem' }}
      />
      <input
        ref={file}
        type="file"
        hidden
        accept=".pem,.crt,.cer"
        aria-label={copy.certificateFile}
        onChange={event => {
          const [chosen] = event.target.files ?? []
          // The same file can be chosen again after the text was changed.
          void chosen?.text().then(onChange)
          event.target.value = ''
        }}
      />
      <Button
        variant="text"
        onClick={() => file.current?.click()}
        sx={{ mt: 0.5, ml: -1, minHeight: 26, py: 0, px: 1 }}
      >
        {copy.certificateFile}
      </Button>
    </div>
  )
}
