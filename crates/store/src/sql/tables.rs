//! What tables there are, as each engine's catalogue tells, and whole rows of any of them: for whoever moves all of them.

use super::{Cell, Column, Connection, Param, Result, Row, ToParam, params};

/// A table.
pub(crate) struct Table {
    pub(crate) name: String,
    /// Its columns by their names, and whether they are text.
    columns: Vec<(String, bool)>,
    /// Which of them are its key, in the key's order. A table without one is read and filled as a whole.
    key: Vec<usize>,
}

/// A value of a row, as long as it is held.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Column for Value {
    fn of(cell: Cell<'_>) -> Option<Self> {
        Some(match cell {
            Cell::Null => Self::Null,
            Cell::Int(number) => Self::Int(number),
            Cell::Real(number) => Self::Real(number),
            Cell::Text(text) => Self::Text(text.to_owned()),
            Cell::Blob(bytes) => Self::Blob(bytes.to_vec()),
        })
    }
}

impl ToParam for Value {
    fn param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Int(number) => Param::Int(*number),
            Self::Real(number) => Param::Real(*number),
            Self::Text(text) => Param::Text(text),
            Self::Blob(bytes) => Param::Blob(bytes),
        }
    }
}

/// Tables of the engine or of the schema's own steps, which no move carries.
const OF_THE_SCHEMA: [&str; 3] = ["schema_steps", "schema_floor", super::place::UNFINISHED];

impl Connection {
    /// The names of the tables that hold something of Teeka's.
    pub(crate) fn table_names(&self) -> Result<Vec<String>> {
        let catalogue = match self {
            Self::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            Self::Postgres(_) => "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
        };
        let mut names: Vec<String> = self.all(catalogue, params![], |row| row.at(0))?;
        names.retain(|name| !OF_THE_SCHEMA.contains(&name.as_str()));
        names.sort_unstable();
        Ok(names)
    }

    /// A table of this name, as SQLite's catalogue has it.
    pub(crate) fn table(&self, name: &str) -> Result<Table> {
        let catalogue = "SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid";
        let read = |row: &Row<'_>| Ok((row.at::<String>(0)?, row.at::<String>(1)? == "TEXT", row.at::<usize>(2)?));
        let columns = self.all(catalogue, params![name], read)?;
        let mut key: Vec<(usize, usize)> = columns
            .iter()
            .enumerate()
            .map(|(at, (_, _, place))| (*place, at))
            .filter(|(place, _)| *place > 0)
            .collect();
        key.sort_unstable();
        let columns = columns.into_iter().map(|(name, is_text, _)| (name, is_text)).collect();
        Ok(Table { name: name.to_owned(), columns, key: key.into_iter().map(|(_, at)| at).collect() })
    }

    /// How many rows a table has.
    pub(crate) fn rows_of(&self, table: &str) -> Result<u64> {
        self.only(&format!("SELECT COUNT(*) FROM \"{table}\""), params![], |row| row.at(0))
    }

    /// The next rows of a table in the order of its key, after the row with this one; none is left when none is answered.
    pub(crate) fn page(&self, table: &Table, after: Option<&[Value]>, most: u32) -> Result<Vec<Vec<Value>>> {
        let names: Vec<String> = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let ordered = |at: usize| format!("{}{}", names[at], self.by_bytes(table.columns[at].1));
        let everything: Vec<usize> = (0..names.len()).collect();
        let order: Vec<String> =
            if table.key.is_empty() { &everything } else { &table.key }.iter().map(|at| ordered(*at)).collect();
        let order = order.join(", ");
        let (beyond, limit) = match after {
            _ if table.key.is_empty() => (String::new(), String::new()),
            None => (String::new(), format!(" LIMIT {most}")),
            Some(after) => {
                let marks: Vec<String> = (1..=after.len()).map(|number| format!("?{number}")).collect();
                (format!(" WHERE ({order}) > ({})", marks.join(", ")), format!(" LIMIT {most}"))
            }
        };
        if table.key.is_empty() && after.is_some() {
            return Ok(Vec::new());
        }
        let text = format!("SELECT {} FROM \"{}\"{beyond} ORDER BY {order}{limit}", names.join(", "), table.name);
        let params: Vec<Param<'_>> = after.unwrap_or_default().iter().map(ToParam::param).collect();
        self.all(&text, &params, |row| (0..names.len()).map(|at| row.at(at)).collect())
    }

    /// The key of the last row of a table in the order of its key: [`Table::key_of`] of it.
    pub(crate) fn last_key(&self, table: &Table) -> Result<Option<Vec<Value>>> {
        let of = |at: &usize| (format!("\"{}\"", table.columns[*at].0), self.by_bytes(table.columns[*at].1));
        let (names, order): (Vec<String>, Vec<String>) =
            table.key.iter().map(of).map(|(name, bytes)| (name.clone(), format!("{name}{bytes} DESC"))).unzip();
        if names.is_empty() {
            return Ok(None);
        }
        let text = format!("SELECT {} FROM \"{}\" ORDER BY {} LIMIT 1", names.join(", "), table.name, order.join(", "));
        self.one(&text, params![], |row| (0..names.len()).map(|at| row.at(at)).collect())
    }

    /// Puts rows into a table: all of them, or none.
    pub(crate) fn fill(&self, table: &Table, rows: &[Vec<Value>]) -> Result<()> {
        let names: Vec<String> = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        self.put(&table.name, &names.join(", "), rows)
    }

    /// Puts rows into these columns of a table: all of them, or none.
    pub(crate) fn put(&self, table: &str, columns: &str, rows: &[Vec<Value>]) -> Result<()> {
        match self {
            Self::Sqlite(sql) => {
                let marks: Vec<String> =
                    (1..=rows.first().map_or(0, Vec::len)).map(|number| format!("?{number}")).collect();
                let text = format!("INSERT INTO \"{table}\" ({columns}) VALUES ({})", marks.join(", "));
                let putting = sql.unchecked_transaction()?;
                for row in rows {
                    self.run(&text, &row.iter().map(ToParam::param).collect::<Vec<_>>())?;
                }
                Ok(putting.commit()?)
            }
            Self::Postgres(session) => session.copy_in(table, columns, rows),
        }
    }

    /// Has numbers that the engine draws itself go on after those that were put in.
    pub(crate) fn go_on_drawing(&self) -> Result<()> {
        let Self::Postgres(_) = self else { return Ok(()) };
        let catalogue = "SELECT table_name::text, column_name::text FROM information_schema.columns
             WHERE table_schema = current_schema() AND is_identity = 'YES'";
        for (table, column) in self.all(catalogue, params![], |row| Ok((row.at::<String>(0)?, row.at::<String>(1)?)))? {
            // Two statements: a server that keeps the rows elsewhere draws the numbers itself.
            let last = format!("SELECT COALESCE(MAX(\"{column}\"), 0) + 1 FROM \"{table}\"");
            let next: i64 = self.only(&last, params![], |row| row.at(0))?;
            self.script(&format!(
                "SELECT setval(pg_get_serial_sequence(format('%I.%I', current_schema(), '{table}'), '{column}'), {next}, false)"
            ))?;
        }
        Ok(())
    }

    /// What has a column of text compared by its bytes, as SQLite does anyway.
    fn by_bytes(&self, is_text: bool) -> &'static str {
        match self {
            Self::Postgres(_) if is_text => " COLLATE \"C\"",
            _ => "",
        }
    }
}

impl Table {
    /// The key of one of its rows.
    pub(crate) fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key.iter().map(|at| row[*at].clone()).collect()
    }

    /// Whether it has a key, by which a part of it can be told from the rest.
    pub(crate) fn has_key(&self) -> bool {
        !self.key.is_empty()
    }
}

impl Value {
    /// Adds it to what is hashed, so that no two rows look alike.
    pub(crate) fn write_to(&self, out: &mut Vec<u8>) {
        let (kind, bytes): (u8, &[u8]) = match self {
            Self::Null => (0, &[]),
            Self::Int(number) => (1, &number.to_be_bytes()),
            Self::Real(number) => (2, &number.to_be_bytes()),
            Self::Text(text) => (3, text.as_bytes()),
            Self::Blob(bytes) => (4, bytes),
        };
        out.push(kind);
        out.extend((bytes.len() as u64).to_be_bytes());
        out.extend(bytes);
    }
}
