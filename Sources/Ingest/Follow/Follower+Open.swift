// Descriptors: held while a file is read, given up by those that rest longest when there are too many.

internal import Base

extension Follower {
  /// The file's descriptor, opened if need be; nil if that cannot be done now.
  func open(_ file: FollowedFile, _ now: Int64) -> OpenFile? {
    if let descriptor = file.descriptor { return descriptor }
    guard now >= file.retryAt else { return nil }
    do throws(SystemFailure) {
      let opened = try OpenFile(path: file.path)
      let status = try opened.facts()
      // Another file took the name since it was looked at; the next poll will see that.
      guard status.identity == file.identity else { return nil }
      file.descriptor = opened
      openFileCount += 1
      file.facts = status.facts
      return opened
    } catch {
      if !error.isMissing {
        note(error.text, about: file)
        file.retryAt = now + Follower.retryMilliseconds
      }
      return nil
    }
  }

  /// How long a file that could not be opened or read is left alone.
  static let retryMilliseconds: Int64 = 10_000

  /// Of the files that are open beyond the limit, those that rest longest give their descriptors up; they are opened
  /// again when they change.
  func closeResting() {
    guard openFileCount > settings.openFileCountMax else { return }
    let resting = files.values.filter { file in
      file.descriptor != nil && file.isFollowing && !file.isPending && !file.isMovedAside
    }.sorted { $0.changedAt < $1.changedAt }
    for file in resting.prefix(openFileCount - settings.openFileCountMax) {
      file.descriptor = nil
    }
  }
}
