// The wire types the screens use, named once.

export interface PageInfo {
  next_cursor?: string | null;
  has_more: boolean;
  limit: number;
}

export interface Page<T> {
  data: T[];
  page: PageInfo;
}
