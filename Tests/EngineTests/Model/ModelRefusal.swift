// What the model refuses to answer; the engine must refuse it too.

enum ModelRefusal: Error, Equatable {
  case rateUnderMixedCondition
  /// What has no meaning, in words.
  case nonsense(String)
}
