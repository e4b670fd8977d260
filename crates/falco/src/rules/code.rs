//! The codes that the engine's loader reports.

/// Has the codes with their name, the engine's own short word for them, and whether they are errors.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $word:literal, $error:literal;)*) => {
        /// A code of the engine's loader.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// All codes, in the engine's order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The engine's name, such as `LOAD_NO_EVTTYPE`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What the engine calls it in words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Whether the file does not load for it.
            pub fn is_error(self) -> bool {
                match self { $(Self::$variant => $error,)* }
            }
        }
    };
}

codes! {
    /// The file cannot be read.
    FileRead = "LOAD_ERR_FILE_READ", "File read error", true;
    /// It is no YAML.
    YamlParse = "LOAD_ERR_YAML_PARSE", "YAML parse error", true;
    /// It is YAML of another shape than rules have.
    YamlValidate = "LOAD_ERR_YAML_VALIDATE", "Error validating internal structure of YAML file", true;
    /// A condition cannot be used.
    CompileCondition = "LOAD_ERR_COMPILE_CONDITION", "Error compiling condition", true;
    /// An output cannot be used.
    CompileOutput = "LOAD_ERR_COMPILE_OUTPUT", "Error compiling output", true;
    /// An item does not fit the others.
    Validate = "LOAD_ERR_VALIDATE", "Error validating rule/macro/list/exception objects", true;
    /// For programs that embed the engine.
    Extension = "LOAD_ERR_EXTENSION", "Error in extension item", true;
    /// A rule for a source of events that is not there.
    UnknownSource = "LOAD_UNKNOWN_SOURCE", "Unknown event source", false;
    /// A comparison with `<NA>` that cannot work.
    UnsafeNaCheck = "LOAD_UNSAFE_NA_CHECK", "Unsafe <NA> comparison in condition", false;
    /// A rule that is looked at for too many types of events.
    NoEventType = "LOAD_NO_EVTTYPE", "Condition has no event-type restriction", false;
    /// An unknown field in a rule that may be skipped.
    UnknownFilter = "LOAD_UNKNOWN_FILTER", "Unknown field or event-type in condition or output", false;
    /// A macro that nothing uses.
    UnusedMacro = "LOAD_UNUSED_MACRO", "Unused macro", false;
    /// A list that nothing uses.
    UnusedList = "LOAD_UNUSED_LIST", "Unused list", false;
    /// An item that is none of those known.
    UnknownItem = "LOAD_UNKNOWN_ITEM", "Unknown rules file item", false;
    /// Something that will go away.
    DeprecatedItem = "LOAD_DEPRECATED_ITEM", "Used deprecated item", false;
    /// For programs that embed the engine.
    WarningExtension = "LOAD_WARNING_EXTENSION", "Warning in extension item", false;
    /// An exception that is appended without values.
    AppendNoValues = "LOAD_APPEND_NO_VALUES", "Overriding/appending with no values", false;
    /// Two exceptions of a rule with one name.
    ExceptionNameNotUnique =
        "LOAD_EXCEPTION_NAME_NOT_UNIQUE", "Multiple exceptions defined with the same name", false;
    /// A macro's name that conditions cannot name.
    InvalidMacroName = "LOAD_INVALID_MACRO_NAME", "Invalid macro name", false;
    /// A list's name that conditions cannot name.
    InvalidListName = "LOAD_INVALID_LIST_NAME", "Invalid list name", false;
    /// A condition that may be meant otherwise.
    CompileConditionWarning = "LOAD_COMPILE_CONDITION", "Warning in rule condition", false;
    /// A key that the item does not have.
    UnknownKey = "LOAD_UNKNOWN_KEY", "Unknown key in item definition", false;
    /// Not the engine's: more than we look at.
    Limit = "limit", "Beyond a limit of this program", true;
}
