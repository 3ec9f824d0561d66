// User agents as they arrive, and what they are.

import Base

enum ClassificationSamples {
  struct Sample: Sendable {
    let userAgent: String
    let machineClass: MachineClass
    let client: String
    let device: String
    let os: String
  }

  static let all = machines + mailClients + browsers

  private static func sample(
    _ userAgent: String, _ machineClass: MachineClass, _ client: String, _ device: String,
    _ os: String
  ) -> Sample {
    Sample(
      userAgent: userAgent, machineClass: machineClass, client: client, device: device, os: os)
  }

  private static let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
  private static let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
  private static let iPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
  private static let webKit = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
  private static let blink = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"

  private static let machines = [
    sample("Mozilla/5.0", .privacyProxy, "Apple Mail", "proxy", "unknown"),
    sample(
      "\(windows) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 "
        + "Edge/12.246 Mozilla/5.0", .prefetch, "Gmail", "proxy", "unknown"),
    sample(
      "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
      .human, "Gmail", "proxy", "unknown"),
    sample(
      "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
      .human, "Yahoo Mail", "proxy", "unknown"),
    sample("Barracuda Sentinel (EE)", .scanner, "Barracuda", "robot", "unknown"),
    sample("Mimecast-URL/1.0", .scanner, "Mimecast", "robot", "unknown"),
    sample("Proofpoint URL Defense", .scanner, "Proofpoint", "robot", "unknown"),
    sample(
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "HeadlessChrome/119.0.0.0 Safari/537.36", .scanner, "Headless Chrome", "robot",
      "unknown"),
    sample(
      "\(mac) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b", .scanner, "BingPreview",
      "robot", "unknown"),
    sample("python-requests/2.31.0", .robot, "Python", "robot", "unknown"),
    sample("curl/8.5.0", .robot, "curl", "robot", "unknown"),
    sample("Wget/1.21.4", .robot, "Wget", "robot", "unknown"),
    sample("Go-http-client/2.0", .robot, "Go", "robot", "unknown"),
    sample("Java/1.8.0_392", .robot, "Java", "robot", "unknown"),
    sample("libwww-perl/6.72", .robot, "Perl", "robot", "unknown"),
    sample("okhttp/4.12.0", .robot, "OkHttp", "robot", "unknown"),
    sample(
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", .robot,
      "Googlebot", "robot", "unknown"),
    sample(
      "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", .robot,
      "bingbot", "robot", "unknown"),
    sample(
      "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", .robot, "bot",
      "robot", "unknown"),
    sample(
      "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
      .robot, "Baiduspider", "robot", "unknown"),
    sample(
      "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", .robot,
      "Facebook preview", "robot", "unknown"),
    sample(
      "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", .robot, "bot", "robot",
      "unknown"),
    sample(
      "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", .robot,
      "UptimeRobot", "robot", "unknown"),
  ]

  private static let mailClients = [
    sample(
      "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)", .human,
      "Outlook", "desktop", "Windows"),
    sample(
      "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Trident/7.0; SLCC2; Media Center PC 6.0; "
        + "Tablet PC 2.0; Microsoft Outlook 14.0.7113; ms-office; MSOffice 14)", .human, "Outlook",
      "desktop", "Windows"),
    sample(
      "MacOutlook/16.78.23100802 (Intelx64 Mac OS X Version 14.0 (Build 23A344))", .human,
      "Outlook", "desktop", "macOS"),
    sample(
      "Outlook-iOS/709.2226530.prod.iphone (3.24.1)", .human, "Outlook iOS", "mobile", "iOS"),
    sample("Outlook-Android/2.0", .human, "Outlook Android", "mobile", "Android"),
    sample("\(mac) \(webKit)", .human, "Apple Mail", "desktop", "macOS"),
    sample("\(iPhone) \(webKit) Mobile/15E148", .human, "Apple Mail", "mobile", "iOS"),
    sample(
      "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) \(webKit) Mobile/15E148", .human,
      "Apple Mail", "tablet", "iOS"),
    sample(
      "Mail/3774.600.62 CFNetwork/1496.0.7 Darwin/23.5.0", .human, "Apple Mail", "desktop",
      "macOS"),
    sample(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Thunderbird/115.12.0",
      .human, "Thunderbird", "desktop", "Windows"),
    sample(
      "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Thunderbird/102.15.1", .human,
      "Thunderbird", "desktop", "Linux"),
    sample(
      "Mozilla/5.0 (Linux; Android 13; SM-G991B) SamsungEmail/6.1.90", .human, "Samsung Email",
      "mobile", "Android"),
    sample("WindowsMail/17.9330", .human, "Windows Mail", "desktop", "Windows"),
    sample("eM Client/9.2.2157.0", .human, "eM Client", "desktop", "unknown"),
    sample("Airmail 5.6 rv:751 (Mac OS X)", .human, "Airmail", "desktop", "macOS"),
    sample(
      "\(windows) \(blink) Safari/537.36 Foxmail/7.2.25", .human, "Foxmail", "desktop",
      "Windows"),
    sample("The Bat! 10.5.2", .human, "The Bat!", "desktop", "Windows"),
    sample(
      "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP1A.240405.002)", .human, "Android app",
      "mobile", "Android"),
  ]

  private static let browsers = [
    sample("\(windows) \(blink) Safari/537.36", .human, "Chrome", "desktop", "Windows"),
    sample("\(mac) \(blink) Safari/537.36", .human, "Chrome", "desktop", "macOS"),
    sample(
      "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) \(blink) Safari/537.36", .human, "Chrome",
      "desktop", "ChromeOS"),
    sample(
      "Mozilla/5.0 (Linux; Android 10; K) \(blink) Mobile Safari/537.36", .human, "Chrome",
      "mobile", "Android"),
    sample(
      "Mozilla/5.0 (Linux; Android 13; SM-X700) \(blink) Safari/537.36", .human, "Chrome", "tablet",
      "Android"),
    sample(
      "\(iPhone) \(webKit) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", .human, "Chrome",
      "mobile", "iOS"),
    sample(
      "\(mac) \(webKit) Version/17.5 Safari/605.1.15", .human, "Safari", "desktop", "macOS"),
    sample(
      "\(iPhone) \(webKit) Version/17.5 Mobile/15E148 Safari/604.1", .human, "Safari", "mobile",
      "iOS"),
    sample(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0", .human,
      "Firefox", "desktop", "Windows"),
    sample(
      "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", .human, "Firefox",
      "mobile", "Android"),
    sample(
      "\(windows) \(blink) Safari/537.36 Edg/126.0.0.0", .human, "Edge", "desktop", "Windows"),
    sample(
      "\(windows) \(blink) Safari/537.36 OPR/111.0.0.0", .human, "Opera", "desktop", "Windows"),
    sample(
      "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", .human, "Samsung Internet",
      "mobile", "Android"),
    sample(
      "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 30) \(blink) Mobile Safari/537.36", .human,
      "Chrome", "mobile", "Android"),
    sample(
      "Mozilla/5.0 (Linux; Android 13; Pixel 7; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36", .human, "Android WebView", "mobile",
      "Android"),
    sample(
      "\(iPhone) \(webKit) Mobile/15E148 [FBAN/FBIOS;FBAV/466.0.0.41.105]", .human,
      "Facebook app", "mobile", "iOS"),
    sample(
      "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", .human,
      "Internet Explorer", "desktop", "Windows"),
    sample("Some unheard-of client", .human, "unknown", "unknown", "unknown"),
  ]
}
