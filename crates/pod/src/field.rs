use watertight_text::Span;

/// Where a field is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Site {
    /// The key; `None` for a list item.
    pub key: Option<Span>,
    /// The value. For a value that came through an alias these are the bytes of the alias.
    pub value: Span,
}

impl Site {
    /// Key and value together.
    pub fn whole(self) -> Span {
        self.key.map_or(self.value, |key| key.cover(self.value))
    }
}

/// A field as the manifest states it, before any default.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Field<T> {
    /// Not written.
    #[default]
    Absent,
    /// Written as null, which the API server treats as absent.
    Null(Site),
    /// Written with a value of the right type.
    Set(T, Site),
    /// Written with a value that the API server would refuse, or that only a template's rendering can tell.
    Unreadable(Site),
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Set(value, _) => Some(value),
            _ => None,
        }
    }

    /// Where it is written, if it is.
    pub fn site(&self) -> Option<Site> {
        match self {
            Self::Absent => None,
            Self::Null(site) | Self::Set(_, site) | Self::Unreadable(site) => Some(*site),
        }
    }

    /// Whether it has a value of the right type.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Set(..))
    }

    /// Whether nobody can say what it holds.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }

    /// Whether it says nothing: null is as good as absent for the API server.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Absent | Self::Null(_))
    }

    /// The field that counts where it inherits from another: itself, unless it says nothing. What cannot be read may say
    /// something.
    #[must_use]
    pub fn or<'f>(&'f self, inherited: &'f Self) -> &'f Self {
        if self.is_silent() { inherited } else { self }
    }
}

impl Field<bool> {
    /// Whether it is written and true.
    pub fn is_true(&self) -> bool {
        self.get() == Some(&true)
    }

    /// Whether it is written and false.
    pub fn is_false(&self) -> bool {
        self.get() == Some(&false)
    }
}

impl Field<String> {
    /// The text, if there is one.
    pub fn text(&self) -> Option<&str> {
        self.get().map(String::as_str)
    }
}
