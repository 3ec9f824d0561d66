// What people do with a message: look, look again, click, leave, complain, buy, write back.

internal import Base

extension EventSimulation {
  mutating func humanHits(_ scene: Scene, isTracked: Bool, into story: inout MessageStory) {
    guard random.below(1_000_000) < scene.traits.interest * scene.campaign.appeal else { return }
    let reading = awake(scene.message.sentAt + DelayTable.firstOpen.draw(&random))
    if isTracked {
      looks(scene, from: reading, into: &story)
      clicks(scene, from: reading, into: &story)
    }
    if random.below(1000) < 7 { unsubscribe(scene, after: reading, into: &story) }
    if random.below(1000) < 2 {
      var record = outcome(.complained, at: reading + 90_000, of: scene.message)
      record.detail = UInt8(random.below(Names.feedbackTypes.count))
      report(record, into: &story)
    }
    if random.below(1000) < 6 { reply(scene, after: reading, into: &story) }
  }

  /// Between midnight and six most people sleep, and look after six.
  private mutating func awake(_ time: Int64) -> Int64 {
    let hour = time / CivilTime.millisecondsPerHour % 24
    return hour < 6 && random.below(10) < 7 ? time + 6 * CivilTime.millisecondsPerHour : time
  }

  /// The pixel loads. Behind Apple's proxy and with images off none of them is seen.
  private mutating func looks(_ scene: Scene, from reading: Int64, into story: inout MessageStory) {
    guard scene.traits.client != .applePrivacyProxy, random.below(100) < 93 else { return }
    let family = random.below(250) == 0 ? .none : scene.traits.client
    var time = reading
    hit(.opened, family, at: time, scene, into: &story)
    while random.below(100) < 65 {
      time += DelayTable.nextOpen.draw(&random)
      let status: UInt16 = random.below(4) == 0 ? 304 : 200
      hit(.opened, family, at: time, scene, into: &story) { $0.status = status }
    }
  }

  private mutating func clicks(_ scene: Scene, from reading: Int64, into story: inout MessageStory)
  {
    guard random.below(1000) < scene.campaign.appeal / 6 else { return }
    var time = reading
    repeat {
      time += DelayTable.click.draw(&random)
      // The better of two draws: links higher up are clicked more.
      let count = scene.campaign.linkCount
      let link = min(random.below(count), random.below(count))
      let status: UInt16 = random.below(20) == 0 ? 301 : random.below(50) == 0 ? 200 : 302
      hit(.clicked, clickClient(scene), at: time, scene, into: &story) {
        $0.detail = UInt8(link)
        $0.status = status
      }
    } while random.below(100) < 38
    if random.below(100) < 7 { convert(scene, after: time, into: &story) }
  }

  /// Links open in a browser: on the phone for those who read there.
  private mutating func clickClient(_ scene: Scene) -> UserAgentFamily {
    switch scene.traits.client {
    case .applePrivacyProxy, .appleMailPhone, .outlookPhone, .androidMail:
      random.below(5) == 0 ? .browserDesktop : .browserPhone
    default: random.below(4) == 0 ? .browserPhone : .browserDesktop
    }
  }

  /// A conversion, seen by the pixel on the shop's last page or reported by the shop, never both.
  private mutating func convert(_ scene: Scene, after time: Int64, into story: inout MessageStory) {
    let boughtAt = time + 60_000 + Int64(random.below(7_200_000))
    let price = UInt8(random.below(ConversionTable.prices.count))
    if random.below(100) < 60 {
      let status: UInt16 = random.below(3) == 0 ? 204 : 200
      hit(.converted, clickClient(scene), at: boughtAt, scene, into: &story) {
        $0.detail = price
        $0.status = status
      }
    } else {
      var record = outcome(.converted, at: boughtAt, of: scene.message)
      record.detail = price
      report(record, into: &story)
    }
  }

  /// The page behind the link is a GET that means nothing; the one-click POST is what counts.
  private mutating func unsubscribe(
    _ scene: Scene, after reading: Int64, into story: inout MessageStory
  ) {
    let time = reading + 30_000
    if random.below(100) < 55 { hit(.unsubscribed, .browserPhone, at: time, scene, into: &story) }
    let reason = UInt8(random.below(Names.unsubscribeReasons.count + 3))
    repeat {
      hit(.unsubscribed, .browserPhone, at: time + 8000, scene, into: &story) {
        $0.method = .post
        $0.detail = reason
      }
    } while random.below(20) == 0
  }

  private mutating func reply(_ scene: Scene, after reading: Int64, into story: inout MessageStory)
  {
    let time = reading + 240_000
    report(outcome(.replied, at: time, of: scene.message), into: &story)
    if random.below(2) == 0 {
      let answeredAt = time + Int64(random.below(100_000_000))
      report(outcome(.responded, at: answeredAt, of: scene.message), into: &story)
    }
  }
}

/// Prices in millionths, picked by a conversion's `detail`.
enum ConversionTable {
  static let prices: [Int64] = [
    9_900_000, 14_500_000, 19_990_000, 24_000_000, 29_950_000, 39_900_000, 49_000_000, 59_500_000,
    79_990_000, 99_000_000, 120_000_000, 149_900_000, 199_000_000, 349_500_000, 1_250_000, 125_000,
    7_333_333, 2_000_000_000, 499_990_000, 89_010_000,
  ]
}
