// Follows files through everything that rotation does to them, so that each of their lines is taken once.
//
// What makes a file the same file: device and inode, or how it begins; and in any case that the bytes before the
// checkpoint's offset are what they were. Names mean nothing, inodes are used again, and beginnings repeat; together
// they do not lie. A checkpoint is handed over together with the lines it covers, so neither exists without the other.
//
// What cannot be had: lines that are written between the copying and the truncating of "copytruncate" are in no file;
// and what is left of a line that was written in two halves around a rotation is two lines.

internal import Base

/// A set of followed files. Used by one thread at a time; `poll` is to be called a few times a second.
package final class Follower {
  package let settings: FollowSettings
  let target: any FollowTarget
  let buffer = ReadBuffer()
  var listing = FolderListing()
  var known = KnownContents()
  var files: [FileIdentity: FollowedFile] = [:]
  /// Files being read, by the key of their note.
  var readers: [UInt64: FollowedFile] = [:]
  var catchUp: CatchUpTurn?
  var report = FollowReport()
  var reported: Set<String> = []
  /// The last time that was written into the note of a key.
  var storedTimes: [UInt64: Int64] = [:]
  /// The key served last, so that files take turns.
  var lastServed: UInt64 = 0
  var isFirstPoll = true
  /// When checkpoints are next looked through for those to forget.
  var forgetAt = Int64.min
  /// Descriptors held, those included that were given up since the last count.
  var openFileCount = 0
  /// How much may still be read in this poll.
  var allowance = 0

  /// A compressed file being read.
  struct CatchUpTurn {
    let reading: CompressedCatchUp
    /// Where the second reading begins to take lines; nil during the first.
    var start: Int64?
  }

  /// - Parameter notes: what was remembered, by key. Notes that cannot be read are left alone and named in the first
  ///   report: their files are taken for new ones.
  package init(settings: FollowSettings, target: any FollowTarget, notes: [UInt64: [UInt8]] = [:]) {
    self.settings = settings
    self.target = target
    for (key, bytes) in notes {
      do throws(CheckpointError) {
        let checkpoint = try bytes.withUnsafeBufferPointer {
          buffer throws(CheckpointError) in try Checkpoint(reading: ByteSlice(buffer))
        }
        known.set(key, checkpoint)
        storedTimes[key] = checkpoint.lastSeen
      } catch {
        known.reserve(key)
        say("the checkpoint \(key) cannot be read (\(error)); its file is read as a new one")
      }
    }
  }

  /// Looks once at all patterns and reads what is new, up to a bound.
  ///
  /// - Parameter now: UTC milliseconds.
  package func poll(now: Int64) -> FollowReport {
    allowance = settings.byteCountPerPoll
    look(now)
    identifyFiles(now)
    readFiles(now)
    readCompressed(now)
    finishFiles(now)
    forget(now)
    closeResting()
    isFirstPoll = false
    defer { report = FollowReport() }
    return report
  }

  /// Says something once.
  func say(_ message: String) {
    if reported.count >= Limits.reportedMessageCountMax { reported.removeAll() }
    if reported.insert(message).inserted { report.messages.append(message) }
  }

  /// Keeps what is wrong with a file, and says so when it is something else than before.
  func note(_ problem: String, about file: FollowedFile) {
    if file.lastProblem != problem { say("\(file.path): \(problem)") }
    file.lastProblem = problem
  }

  /// Hands a note without lines over; false if it was refused.
  func remember(_ key: UInt64, _ checkpoint: Checkpoint) -> Bool {
    do throws(FollowRefusal) {
      try target.remember(SourceNote(key: key, bytes: checkpoint.bytes))
    } catch {
      report.refusal = error.reason
      return false
    }
    known.set(key, checkpoint)
    storedTimes[key] = checkpoint.lastSeen
    return true
  }
}
