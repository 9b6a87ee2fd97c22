// One task of the form: its name, how far it is, and its content while it is the open one.
import { IconChevronDown, IconChevronUp, IconCircle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  id: string;
  title: string;
  /** In words: how far it is. */
  state: string;
  done: boolean;
  open: boolean;
  toggle: () => void;
  /** What is missing; shown open or not. */
  hint?: ReactNode;
  children: ReactNode;
}

export function Task({ id, title, state, done, open, toggle, hint, children }: Props) {
  const Mark = done ? IconCircleCheck : IconCircle;
  const Chevron = open ? IconChevronUp : IconChevronDown;
  return (
    <section className="card task" data-done={done || undefined}>
      <h2>
        <button
          type="button"
          id={`task-${id}`}
          className="task-head"
          aria-expanded={open}
          aria-controls={`task-body-${id}`}
          onClick={toggle}
        >
          <Mark size={24} aria-hidden="true" className="task-mark" />
          <span className="task-title">{title}</span>
          <span className="task-state">{state}</span>
          <Chevron size={20} aria-hidden="true" />
        </button>
      </h2>
      {hint}
      <div id={`task-body-${id}`} hidden={!open} className="task-body">
        {open && children}
      </div>
    </section>
  );
}
