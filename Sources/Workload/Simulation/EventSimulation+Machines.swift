// What machines do to a tracked message: privacy proxies, prefetches, security scanners.

internal import Base

extension EventSimulation {
  mutating func machineHits(_ scene: Scene, into story: inout MessageStory) {
    if scene.traits.client == .applePrivacyProxy { proxyFetches(scene, into: &story) }
    if scene.traits.client == .gmailProxy && random.below(100) < 3 {
      hit(.opened, .gmailPrefetch, at: scene.message.sentAt + 900, scene, into: &story)
    }
    if scene.traits.isScanned && random.below(100) < 80 { scan(scene, into: &story) }
    if random.below(2000) == 0 {
      let time = scene.message.sentAt + DelayTable.firstOpen.draw(&random)
      hit(.clicked, .crawler, at: time, scene, into: &story)
    }
  }

  /// Apple's proxy loads the pixel whether or not anybody reads, sometimes again days later.
  private mutating func proxyFetches(_ scene: Scene, into story: inout MessageStory) {
    guard random.below(100) < 88 else { return }
    var time = scene.message.sentAt + DelayTable.proxyFetch.draw(&random)
    hit(.opened, .applePrivacyProxy, at: time, scene, into: &story)
    while random.below(100) < 54 {
      time += DelayTable.nextOpen.draw(&random)
      hit(.opened, .applePrivacyProxy, at: time, scene, into: &story)
    }
  }

  /// A scanner loads the pixel, then requests every link within a second: as itself, in disguise, or by HEAD.
  private mutating func scan(_ scene: Scene, into story: inout MessageStory) {
    let sweep = scene.message.sentAt + DelayTable.sweep.draw(&random)
    let family: UserAgentFamily = random.below(100) < 65 ? .scanner : .browserDesktop
    let usesHead = random.below(100) < 25
    let opensAt = max(scene.message.sentAt, sweep - 33_000)
    if random.below(100) < 70 { hit(.opened, family, at: opensAt, scene, into: &story) }
    for link in 0..<scene.campaign.linkCount {
      let time = sweep + Int64(random.below(1000))
      hit(.clicked, family, at: time, scene, into: &story) { record in
        record.detail = UInt8(link)
        if usesHead { record.method = .head }
      }
    }
    if random.below(100) < 30 { hit(.unsubscribed, family, at: sweep + 1000, scene, into: &story) }
  }

  /// Appends a hit by a client of `family`. Without `change` it is a GET that succeeds, of the first link.
  mutating func hit(
    _ kind: EventKind, _ family: UserAgentFamily, at time: Int64, _ scene: Scene,
    into story: inout MessageStory, _ change: (inout Record) -> Void = { _ in }
  ) {
    var record = record(kind, at: time, of: scene.message)
    record.userAgent = plan.userAgents.pick(family, bits: scene.traits.bits)
    record.status = kind == .clicked ? 302 : 200
    change(&record)
    if random.below(150) == 0 { spoil(&record) }
    story.append(record)
  }

  /// Turns a hit that counts into one that does not, by its status or by its method but never by both.
  private mutating func spoil(_ record: inout Record) {
    guard record.verdict == .counts else { return }
    let isMethod = random.below(10) == 0
    switch record.kind {
    case .opened where isMethod, .clicked where isMethod: record.method = .post
    case .converted where isMethod: record.method = .head
    default: record.status = random.pick([404, 404, 404, 500, 502, 403, 400, 499])
    }
  }
}
