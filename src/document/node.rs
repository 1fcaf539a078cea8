//! A value with its place: what YAML front matter, a CSV row and smsctl.toml have in common.

use crate::source::Span;

/// A value and the bytes it stands in.
#[derive(Clone, Debug)]
pub struct Node {
    /// The bytes of the value, quotes included.
    pub span: Span,
    /// The value.
    pub data: Data,
}

/// What a value is. Scalars keep the author's text; a schema decides later whether it is a number.
#[derive(Clone, Debug)]
pub enum Data {
    /// Nothing written, `null` or `~`.
    Null,
    /// Text, or something that may be read as a number or boolean when `plain`.
    Scalar {
        /// The text after unquoting.
        text: Box<str>,
        /// Written without quotes.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// Fields in the author's order; keys are unique.
    Map(Vec<Field>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Field {
    /// The key's text.
    pub key: Box<str>,
    /// The key's bytes.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// One step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the field of a map.
    Key(Box<str>),
    /// Into the item of a list.
    Index(usize),
}

impl Node {
    /// An absent value at a place.
    #[must_use]
    pub fn null(span: Span) -> Self {
        Self { span, data: Data::Null }
    }

    /// A map of these fields.
    #[must_use]
    pub fn map(span: Span, fields: Vec<Field>) -> Self {
        Self { span, data: Data::Map(fields) }
    }

    /// The field of a map, when this is a map that has it.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields().iter().find(|f| &*f.key == key)
    }

    /// The value of a field; an empty one counts as absent.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.field(key).map(|f| &f.value).filter(|v| !matches!(v.data, Data::Null))
    }

    /// The fields of a map; none for anything else.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        match &self.data {
            Data::Map(fields) => fields,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of a field that holds a scalar.
    #[must_use]
    pub fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::as_str)
    }

    /// A field as a number.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<f64> {
        self.str(key)?.trim().parse().ok().filter(|n: &f64| n.is_finite())
    }

    /// A field as a boolean: `true` or `false`.
    #[must_use]
    pub fn bool(&self, key: &str) -> Option<bool> {
        match self.str(key)? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// A field as a civil date; placeholders and impossible dates are none.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<jiff::civil::Date> {
        self.str(key)?.parse().ok()
    }

    /// A field as a day with perhaps a time; placeholders and impossible ones are none.
    #[must_use]
    pub fn moment(&self, key: &str) -> Option<super::Moment> {
        super::Moment::parse(self.str(key)?.trim())
    }

    /// The scalars of a field: one, or those of a list, each with its place.
    pub fn texts<'a>(&'a self, key: &str) -> impl Iterator<Item = (&'a str, Span)> + use<'a> {
        let value = self.get(key);
        let single = value.into_iter().filter(|v| v.as_str().is_some());
        let listed = value.into_iter().flat_map(|v| v.items().iter());
        single.chain(listed).filter_map(|v| v.as_str().map(|s| (s, v.span)))
    }

    /// The items of a field that holds a list of maps.
    #[must_use]
    pub fn list(&self, key: &str) -> &[Node] {
        self.get(key).map_or(&[], Node::items)
    }

    /// The part of this value that a path leads to.
    #[must_use]
    pub fn at(&self, path: &[Step]) -> Option<&Node> {
        path.iter().try_fold(self, |node, step| match step {
            Step::Key(key) => node.field(key).map(|f| &f.value),
            Step::Index(index) => node.items().get(*index),
        })
    }

    /// Where a field stands: its value, its key when the value is empty, else this value as a whole.
    #[must_use]
    pub fn span_of(&self, key: &str) -> Span {
        match self.field(key) {
            Some(field) if matches!(field.value.data, Data::Null) => field.key_span,
            Some(field) => field.value.span,
            None => self.span,
        }
    }
}
