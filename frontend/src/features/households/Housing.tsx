import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import type { HouseholdDetail } from '~/api/types';
import { word } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { Card, Facts } from '~/ui/page';
import { Empty } from '~/ui/states';
import { CodeName } from './FactList';

export function Housing({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const address = household.addresses;
  const known = Object.entries(household.housing).filter(
    ([, value]) => value !== null && value !== '',
  );
  return (
    <div className="stack">
      <Card>
        <Facts
          items={[
            [
              t('household.domicile'),
              place(address.street, address.rt, address.rw, regions.full(household.region_code)),
            ],
            [
              t('household.registered'),
              place(
                address.registered_address,
                address.registered_rt,
                address.registered_rw,
                regions.full(address.registered_region_code),
              ),
            ],
            [t('household.declared'), household.declared_members],
            household.note ? [t('household.note'), household.note] : null,
          ]}
        />
      </Card>
      {known.length === 0 ? (
        <div className="card">
          <Empty title={t('household.no_housing')} why={t('household.no_housing_why')} />
        </div>
      ) : (
        <Card title={t('household.tabs.housing')}>
          <Facts
            items={known.map(([key, value]) => [
              word('housing', key),
              typeof value === 'number' ? (
                key === 'floor_area' || key === 'floor_area_m2' ? (
                  t('household.floor_area_value', { n: formatNumber(value) })
                ) : (
                  formatNumber(value)
                )
              ) : (
                <CodeName key={key} slug={key} code={String(value)} />
              ),
            ])}
          />
        </Card>
      )}
    </div>
  );
}

function place(street: string | null, rt: string | null, rw: string | null, region: string) {
  return [street, rt && `RT ${rt}`, rw && `RW ${rw}`, region].filter(Boolean).join(', ');
}
