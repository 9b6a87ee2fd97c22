// A person's form with those who may be the same person beside it.
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  confirmDistinct,
  type Distinct,
  isLikely,
  LikelyPeople,
  type LikelyPerson,
  namedBy,
  together,
  useLikely,
} from '~/ui/entry';
import '~/ui/entry/entry.css';

export interface Sameness {
  people: LikelyPerson[];
  distinct: Distinct;
  setDistinct: (distinct: Distinct) => void;
  /** The service refused to store before somebody decides. */
  asks: boolean;
  /** What the request says of those who were looked at. */
  confirmed: () => ReturnType<typeof confirmDistinct>;
  refused: (error: unknown) => void;
}

export function useSameness(values: Record<string, string>, enabled = true): Sameness {
  const { name, nik, sex, birth_date, mother_name, household_id, individual_id } = values;
  const found = useLikely(
    { name, nik, sex, birth_date, mother_name, household_id, individual_id },
    enabled,
  );
  const [named, setNamed] = useState<LikelyPerson[]>([]);
  const [asks, setAsks] = useState(false);
  const [distinct, setDistinct] = useState<Distinct>({});
  return {
    people: together(found, named),
    distinct,
    setDistinct,
    asks,
    confirmed: () => confirmDistinct(distinct),
    refused(error) {
      setAsks(isLikely(error));
      if (isLikely(error)) setNamed(namedBy(error));
    },
  };
}

interface Props {
  sameness: Sameness;
  entered: Record<string, string>;
  address?: string;
  close: () => void;
  children: ReactNode;
}

export function Beside({ sameness, entered, address, close, children }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { name = '', nik, sex, birth_date, mother_name } = entered;
  const two = sameness.people.length > 0;
  return (
    <div className="beside" data-two={two || undefined}>
      <div className="stack">{children}</div>
      <LikelyPeople
        people={sameness.people}
        entered={{
          name,
          ...(nik ? { nik } : {}),
          ...(sex ? { sex } : {}),
          ...(birth_date ? { birth_date } : {}),
          ...(mother_name ? { mother_name } : {}),
          ...(address ? { address } : {}),
        }}
        distinct={sameness.distinct}
        onDistinct={sameness.setDistinct}
        asks={sameness.asks}
        sameText={t('individual.is_same')}
        onSame={(person) => {
          close();
          void navigate({ to: '/households/$id', params: { id: person.household_id } });
        }}
      />
    </div>
  );
}
