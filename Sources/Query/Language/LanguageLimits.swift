// Every limit of the query language, with its reason.

package enum LanguageLimits {
  /// Bytes of one query. People write a few hundred; a longer one is a list that belongs into an
  /// attribute file.
  package static let textByteCountMax = 16_384
  /// Nesting of parentheses and height of the tree: parser, binder and printer recurse this deep at
  /// most.
  package static let depthMax = 64
  /// Elements of one list (SELECT items, IN, arguments, keys) and terms of one AND or OR.
  package static let listCountMax = 1024
  /// Longer names get no spelling suggestion: the comparison is quadratic.
  package static let suggestionByteCountMax = 64
}
