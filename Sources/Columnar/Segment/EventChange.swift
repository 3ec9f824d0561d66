// What happened to a shard's events since something was last derived from them.

package struct EventChange {
  /// Segments whose events are no longer counted, and others whose events are.
  package var removed: [Segment]
  package var added: [Segment]
  /// Further events.
  package var rows: RowRun?

  package init(removed: [Segment], added: [Segment], rows: RowRun?) {
    self.removed = removed
    self.added = added
    self.rows = rows
  }
}
