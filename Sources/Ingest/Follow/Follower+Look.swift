// The first part of a poll: which files are there, under which names, and which of them changed.

internal import Base

extension Follower {
  func look(_ now: Int64) {
    listing.clear()
    let strays = isFirstPoll ? unfinishedIdentities : []
    for pattern in settings.patterns {
      listing.add(pattern, strays: strays, fileCountMax: settings.fileCountMax) {
        files[$0] != nil || known.knows($0)
      }
    }
    for problem in listing.problems { say(problem) }
    for sighting in listing.sightings.values { see(sighting, now) }
    for file in files.values where listing.sightings[file.identity] == nil { miss(file, now) }
    openFileCount = files.values.count { $0.descriptor != nil }
  }

  /// Files that a rotation may have given names which no pattern matches, while nobody looked.
  private var unfinishedIdentities: Set<FileIdentity> {
    Set(known.checkpoints.values.lazy.filter { !$0.isFinished }.map(\.identity))
  }

  private func see(_ sighting: Sighting, _ now: Int64) {
    let first = sighting.path
    guard let file = files[sighting.identity] else {
      let file = FollowedFile(sighting, path: first, now: now)
      file.hasRotatedName = FolderListing.hasRotatedName(first)
      files[sighting.identity] = file
      return
    }
    file.isListed = true
    if !sighting.has(file.path) {
      // It goes by its first name again where it has that.
      file.path = sighting.has(file.checkpoint.path) ? file.checkpoint.path : first
    }
    file.see(sighting.facts, now: now)
    if file.restingPollCount == 2 { file.hasRotatedName = FolderListing.hasRotatedName(file.path) }
    if file.key != 0 { known.see(file.key, at: now) }
  }

  /// It has no name that is looked for; while it is open it can be read all the same.
  private func miss(_ file: FollowedFile, _ now: Int64) {
    file.isListed = false
    guard let descriptor = file.descriptor, file.isHeld || catchUp?.reading.file === file,
      let facts = try? descriptor.facts()
    else { return dismiss(file) }
    file.see(facts.facts, now: now)
    if file.key != 0 { known.see(file.key, at: now) }
  }

  /// Stops following; what is remembered of it stays.
  func dismiss(_ file: FollowedFile) {
    close(file)
    if catchUp?.reading.file === file { catchUp = nil }
    files[file.identity] = nil
  }

  /// Gives up the descriptor and the place among those that are read.
  func close(_ file: FollowedFile) {
    file.descriptor = nil
    if readers[file.key] === file { readers[file.key] = nil }
  }
}
