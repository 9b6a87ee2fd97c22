// Doing something to a record: the button that says why it is off, the dialog that asks for what
// the action needs, and one way to run it.
import { Button, type ButtonProps, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '~/api/http';
import { refreshData } from '~/app/queries';
import { ProblemNotice } from './states';
import { toast } from './toast';

interface Act {
  busy: boolean;
  error: unknown;
  run: (work: (key: string) => Promise<unknown>, done?: string) => Promise<boolean>;
  clear: () => void;
}

/** Runs one action at a time; every try of the same intention carries the same idempotency key. */
export function useAct(): Act {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  return {
    busy,
    error,
    clear: () => setError(null),
    async run(work, done) {
      setBusy(true);
      setError(null);
      try {
        await work(key.current);
        key.current = newKey();
        if (done) toast(done);
        await refreshData(queries);
        return true;
      } catch (failure) {
        // A refusal was an answer: the next try is a new intention with new content.
        if (!(failure instanceof TypeError) && (failure as Error).name === 'ApiProblem') {
          key.current = newKey();
        }
        setError(failure);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

interface CanButtonProps extends ButtonProps {
  can: readonly string[] | undefined;
  action: string;
  /** Why it is off, when the reason is known; a general sentence otherwise. */
  why?: string | undefined;
  onClick: () => void;
  children: ReactNode;
}

/** Off when the record's `can` lacks the action, and then it says why when pressed or focused. */
export function CanButton({ can, action, why, onClick, children, ...rest }: CanButtonProps) {
  const { t } = useTranslation();
  const id = useId();
  const allowed = can?.includes(action) ?? false;
  if (allowed) {
    return (
      <Button {...rest} onClick={onClick}>
        {children}
      </Button>
    );
  }
  const reason = why ?? t('can.not_now');
  return (
    <>
      <Button
        {...rest}
        variant="default"
        aria-disabled="true"
        aria-describedby={id}
        className="off-button"
        title={reason}
        onClick={() => toast(reason)}
      >
        {children}
      </Button>
      <span id={id} className="sp-visually-hidden">
        {reason}
      </span>
    </>
  );
}

/** Only what the server allows, plus the main action even when it is off. */
export function allowed(can: readonly string[] | undefined, action: string): boolean {
  return can?.includes(action) ?? false;
}

interface DialogProps {
  title: string;
  opened: boolean;
  close: () => void;
  submitText: string;
  /** What leaving it means, where that is more than not doing it. */
  cancelText?: string;
  onSubmit: () => void;
  busy: boolean;
  error?: unknown;
  danger?: boolean;
  disabled?: boolean;
  size?: string;
  children?: ReactNode;
}

export function FormDialog(props: DialogProps) {
  const { t } = useTranslation();
  const why = useId();
  function submit(event: FormEvent) {
    event.preventDefault();
    // A dialog inside another form must not submit that form too.
    event.stopPropagation();
    props.onSubmit();
  }
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      title={props.title}
      size={props.size ?? 'md'}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form onSubmit={submit} noValidate className="stack">
        <ProblemNotice error={props.error} />
        {props.children}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          {props.disabled && (
            <span id={why} className="muted small">
              {t('ui.fill_required')}
            </span>
          )}
          <Button variant="default" onClick={props.close}>
            {props.cancelText ?? t('ui.cancel')}
          </Button>
          <Button
            type="submit"
            loading={props.busy}
            {...(props.danger ? { color: 'red' } : {})}
            disabled={props.disabled ?? false}
            {...(props.disabled ? { 'aria-describedby': why } : {})}
          >
            {props.submitText}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
