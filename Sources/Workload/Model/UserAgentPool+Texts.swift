// The texts of the user agents, family by family.

extension UserAgentPool {
  static var scanners: [String] {
    [
      "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))", "Mimecast-URL-Scanner/1.0",
      "Mozilla/5.0 (compatible; Proofpoint URL Defense)", "Mozilla/5.0 (compatible; SafeLinks)",
      "Symantec Email Security.cloud", "IronPort-Scanner/2.1",
    ]
      + (112...121).map {
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "HeadlessChrome/\($0).0.0.0 Safari/537.36"
      }
      + (25...32).map { "python-requests/2.\($0).0" } + (80...88).map { "curl/7.\($0).0" }
      + ["Go-http-client/1.1", "Go-http-client/2.0", bingPreview]
  }

  private static var bingPreview: String {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
      + "Chrome/116.0.0.0 Safari/537.36 BingPreview/1.0b"
  }

  static var crawlers: [String] {
    [
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    ]
  }

  static var outlookDesktop: [String] {
    (0..<24).map {
      "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.\(17328 - $0 * 131); Pro)"
    }
  }

  static var outlookPhone: [String] {
    (0..<16).map { "Outlook-iOS/\(744 - $0).\(4_213_880 - $0 * 9973).prod.iphone (4.\(24 - $0).0)" }
  }

  static var thunderbird: [String] {
    ["Windows NT 10.0; Win64; x64", "X11; Linux x86_64", "Macintosh; Intel Mac OS X 10.15"].flatMap
    {
      system in
      [128, 115, 102, 91].map {
        "Mozilla/5.0 (\(system); rv:\($0).0) Gecko/20100101 Thunderbird/\($0).6.0"
      }
    }
  }

  static var appleMailMac: [String] {
    (0..<8).map {
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_\(7 - $0 % 4)) "
        + "AppleWebKit/\(605 - $0 / 4).1.15 (KHTML, like Gecko)"
    }
  }

  static var appleMailPhone: [String] {
    (0..<12).map {
      "Mozilla/5.0 (iPhone; CPU iPhone OS \(17 - $0 / 6)_\($0 % 6) like Mac OS X) "
        + "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    }
  }

  static var androidMail: [String] {
    devices.flatMap { device in
      (120...123).map {
        "Mozilla/5.0 (Linux; Android 14; \(device); wv) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Version/4.0 Chrome/\($0).0.6099.144 Mobile Safari/537.36"
      }
    }
  }

  static var browserDesktop: [String] {
    chrome + edge + firefox + safari
  }

  private static let devices = ["Pixel 8", "Pixel 7a", "SM-S911B", "SM-A546E", "M2101K6G"]

  private static let systems = [
    "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64",
  ]

  private static var chrome: [String] {
    systems.flatMap { system in
      (0..<22).map {
        "Mozilla/5.0 (\(system)) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/\(131 - $0).0.0.0 Safari/537.36"
      }
    }
  }

  private static var edge: [String] {
    (0..<16).map {
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Chrome/\(131 - $0).0.0.0 Safari/537.36 Edg/\(131 - $0).0.2903.70"
    }
  }

  private static var firefox: [String] {
    systems.flatMap { system in
      (0..<16).map {
        "Mozilla/5.0 (\(system); rv:\(132 - $0).0) Gecko/20100101 Firefox/\(132 - $0).0"
      }
    }
  }

  private static var safari: [String] {
    (0..<10).map {
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        + "Version/\(18 - $0 / 5).\(5 - $0 % 5) Safari/605.1.15"
    }
  }

  static var browserPhone: [String] {
    (0..<14).map {
      "Mozilla/5.0 (iPhone; CPU iPhone OS \(18 - $0 / 5)_\($0 % 5) like Mac OS X) "
        + "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/\(18 - $0 / 5).\($0 % 5) "
        + "Mobile/15E148 Safari/604.1"
    }
      + devices.flatMap { device in
        (0..<14).map {
          "Mozilla/5.0 (Linux; Android 14; \(device)) AppleWebKit/537.36 (KHTML, like Gecko) "
            + "Chrome/\(131 - $0).0.0.0 Mobile Safari/537.36"
        }
      }
  }
}
