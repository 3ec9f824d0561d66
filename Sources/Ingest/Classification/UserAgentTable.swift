// The user agent table, the one place to correct. In every list the first match decides, so what is
// special stands before what is general. All texts but those of `exact` are in lower case.

enum UserAgentTable {
  /// Known to the byte. Apple's privacy proxy sends nothing but this, for people who read and
  /// people who do not; Gmail fetches images at delivery with an Edge of 2015.
  static let privacyProxies = [
    UserAgentRule(.exact("Mozilla/5.0"), "Apple Mail", device: "proxy", os: "unknown")
  ]
  static let prefetchers = [
    UserAgentRule(
      .exact(
        """
        Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0
        """), "Gmail", device: "proxy", os: "unknown")
  ]

  /// Proxies that load an image when the person opens the message.
  static let readingProxies = [
    UserAgentRule(.contains("googleimageproxy"), "Gmail", device: "proxy", os: "unknown"),
    UserAgentRule(.contains("yahoomailproxy"), "Yahoo Mail", device: "proxy", os: "unknown"),
  ]

  /// Security products that open messages and follow links. Most hide behind a browser's name;
  /// these do not.
  static let scanners = [
    UserAgentRule(.contains("barracuda"), "Barracuda"),
    UserAgentRule(.contains("mimecast"), "Mimecast"),
    UserAgentRule(.contains("proofpoint"), "Proofpoint"),
    UserAgentRule(.contains("safelinks"), "Safe Links"),
    UserAgentRule(.contains("symantec"), "Symantec"),
    UserAgentRule(.contains("messagelabs"), "Symantec"),
    UserAgentRule(.contains("ironport"), "IronPort"),
    UserAgentRule(.contains("forcepoint"), "Forcepoint"),
    UserAgentRule(.contains("fireeye"), "FireEye"),
    UserAgentRule(.contains("trendmicro"), "Trend Micro"),
    UserAgentRule(.contains("trend micro"), "Trend Micro"),
    UserAgentRule(.contains("sophos"), "Sophos"),
    UserAgentRule(.contains("cloudmark"), "Cloudmark"),
    UserAgentRule(.contains("fortimail"), "Fortinet"),
    UserAgentRule(.contains("fortiguard"), "Fortinet"),
    UserAgentRule(.contains("avanan"), "Avanan"),
    UserAgentRule(.contains("bitdefender"), "Bitdefender"),
    UserAgentRule(.contains("virustotal"), "VirusTotal"),
    UserAgentRule(.contains("urlscan"), "urlscan"),
    UserAgentRule(.contains("phishtank"), "PhishTank"),
    UserAgentRule(.contains("headlesschrome"), "Headless Chrome"),
    UserAgentRule(.contains("phantomjs"), "PhantomJS"),
    UserAgentRule(.contains("bingpreview"), "BingPreview"),
  ]

  /// Never robots, although a rule below would say so: Cubot makes telephones.
  static let robotExceptions = [UserAgentRule(.contains("cubot"), "unknown")]

  /// Crawlers, link previews, monitors, and programming libraries on their own.
  static let robots = [
    UserAgentRule(.contains("googlebot"), "Googlebot"),
    UserAgentRule(.contains("adsbot-google"), "Google"),
    UserAgentRule(.contains("mediapartners-google"), "Google"),
    UserAgentRule(.contains("apis-google"), "Google"),
    UserAgentRule(.contains("feedfetcher-google"), "Google"),
    UserAgentRule(.contains("google-inspectiontool"), "Google"),
    UserAgentRule(.contains("googleother"), "Google"),
    UserAgentRule(.contains("bingbot"), "bingbot"),
    UserAgentRule(.contains("slurp"), "Yahoo Slurp"),
    UserAgentRule(.contains("baiduspider"), "Baiduspider"),
    UserAgentRule(.contains("bytespider"), "Bytespider"),
    UserAgentRule(.contains("facebookexternalhit"), "Facebook preview"),
    UserAgentRule(.contains("meta-externalagent"), "Meta"),
    UserAgentRule(.prefix("whatsapp/"), "WhatsApp preview"),
    UserAgentRule(.contains("skypeuripreview"), "Skype preview"),
    UserAgentRule(.contains("embedly"), "Embedly"),
    UserAgentRule(.contains("ia_archiver"), "Internet Archive"),
    UserAgentRule(.contains("pingdom"), "Pingdom"),
    UserAgentRule(.contains("uptimerobot"), "UptimeRobot"),
    UserAgentRule(.contains("uptime-kuma"), "Uptime Kuma"),
    UserAgentRule(.contains("better uptime"), "Better Stack"),
    UserAgentRule(.contains("betteruptime"), "Better Stack"),
    UserAgentRule(.contains("statuscake"), "StatusCake"),
    UserAgentRule(.contains("site24x7"), "Site24x7"),
    UserAgentRule(.contains("newrelicpinger"), "New Relic"),
    UserAgentRule(.contains("datadog"), "Datadog"),
    UserAgentRule(.contains("check_http"), "Nagios"),
    UserAgentRule(.contains("zabbix"), "Zabbix"),
    UserAgentRule(.contains("blackbox"), "Prometheus"),
    UserAgentRule(.contains("kube-probe"), "Kubernetes"),
    UserAgentRule(.contains("elb-healthchecker"), "ELB"),
    UserAgentRule(.contains("googlehc"), "Google"),
    UserAgentRule(.contains("censysinspect"), "Censys"),
    UserAgentRule(.contains("zgrab"), "ZGrab"),
    UserAgentRule(.contains("nmap"), "Nmap"),
    UserAgentRule(.contains("python-requests"), "Python"),
    UserAgentRule(.contains("python-urllib"), "Python"),
    UserAgentRule(.contains("python-httpx"), "Python"),
    UserAgentRule(.contains("aiohttp"), "Python"),
    UserAgentRule(.contains("scrapy"), "Scrapy"),
    UserAgentRule(.contains("curl/"), "curl"),
    UserAgentRule(.contains("wget"), "Wget"),
    UserAgentRule(.contains("go-http-client"), "Go"),
    UserAgentRule(.prefix("java/"), "Java"),
    UserAgentRule(.prefix("java-http-client"), "Java"),
    UserAgentRule(.contains("apache-httpclient"), "Java"),
    // Mail apps on Android load images through a web view or as "Dalvik"; bare OkHttp is a program.
    UserAgentRule(.prefix("okhttp/"), "OkHttp"),
    UserAgentRule(.contains("libwww"), "Perl"),
    UserAgentRule(.contains("lwp::simple"), "Perl"),
    UserAgentRule(.prefix("ruby"), "Ruby"),
    UserAgentRule(.prefix("faraday"), "Ruby"),
    UserAgentRule(.prefix("php/"), "PHP"),
    UserAgentRule(.contains("guzzlehttp"), "PHP"),
    UserAgentRule(.prefix("axios/"), "Node.js"),
    UserAgentRule(.contains("node-fetch"), "Node.js"),
    UserAgentRule(.prefix("undici"), "Node.js"),
    UserAgentRule(.prefix("node"), "Node.js"),
    UserAgentRule(.contains("windowspowershell"), "PowerShell"),
    UserAgentRule(.contains("postmanruntime"), "Postman"),
    UserAgentRule(.contains("lighthouse"), "Lighthouse"),
    UserAgentRule(.wordEnd("bot"), "bot"),
    UserAgentRule(.contains("spider"), "spider"),
    UserAgentRule(.contains("crawler"), "crawler"),
  ]

  static let mailClients = [
    UserAgentRule(.contains("outlook-ios"), "Outlook iOS", os: "iOS"),
    UserAgentRule(.contains("outlook-android"), "Outlook Android", device: "mobile", os: "Android"),
    UserAgentRule(
      .contains("outlook-express"), "Outlook Express", device: "desktop", os: "Windows"),
    UserAgentRule(.contains("macoutlook"), "Outlook", device: "desktop", os: "macOS"),
    UserAgentRule(.contains("outlook"), "Outlook", device: "desktop"),
    UserAgentRule(.contains("windowsmail"), "Windows Mail", device: "desktop", os: "Windows"),
    UserAgentRule(.contains("windows mail"), "Windows Mail", device: "desktop", os: "Windows"),
    UserAgentRule(.contains("windows-live-mail"), "Windows Mail", device: "desktop", os: "Windows"),
    UserAgentRule(.contains("ms-office"), "Microsoft Office", device: "desktop"),
    UserAgentRule(.contains("microsoft office"), "Microsoft Office", device: "desktop"),
    UserAgentRule(.contains("thunderbird"), "Thunderbird"),
    UserAgentRule(.contains("icedove"), "Thunderbird"),
    UserAgentRule(.contains("shredder"), "Thunderbird"),
    UserAgentRule(.contains("postbox"), "Postbox"),
    UserAgentRule(.contains("lotus-notes"), "Notes", device: "desktop"),
    UserAgentRule(.contains("the bat!"), "The Bat!", device: "desktop", os: "Windows"),
    UserAgentRule(.contains("em client"), "eM Client", device: "desktop"),
    UserAgentRule(.contains("emclient"), "eM Client", device: "desktop"),
    UserAgentRule(.contains("airmail"), "Airmail"),
    UserAgentRule(.contains("readdle"), "Spark"),
    UserAgentRule(.prefix("spark/"), "Spark"),
    UserAgentRule(.contains("sparkdesktop"), "Spark", device: "desktop"),
    UserAgentRule(.contains("foxmail"), "Foxmail"),
    UserAgentRule(.contains("mailmaster"), "MailMaster"),
    UserAgentRule(.contains("bluemail"), "BlueMail"),
    UserAgentRule(.contains("navermailapp"), "Naver Mail", device: "mobile"),
    UserAgentRule(.contains("qqmail"), "QQ Mail"),
    UserAgentRule(.contains("mailspring"), "Mailspring", device: "desktop"),
    UserAgentRule(.contains("mailbird"), "Mailbird", device: "desktop", os: "Windows"),
    UserAgentRule(.contains("superhuman"), "Superhuman"),
    UserAgentRule(.contains("protonmail"), "Proton Mail"),
    UserAgentRule(.contains("samsungemail"), "Samsung Email", device: "mobile", os: "Android"),
    UserAgentRule(.contains("samsung email"), "Samsung Email", device: "mobile", os: "Android"),
    UserAgentRule(
      .contains("com.samsung.android.email"), "Samsung Email", device: "mobile", os: "Android"),
    UserAgentRule(.contains("android-gmail"), "Gmail", device: "mobile", os: "Android"),
    UserAgentRule(.contains("jp.co.yahoo.ymail"), "Yahoo Mail", device: "mobile"),
    UserAgentRule(.contains("yahoo%20mail"), "Yahoo Mail"),
    UserAgentRule(.contains("yahoomobilemail"), "Yahoo Mail", device: "mobile"),
    UserAgentRule(.contains("k-9 mail"), "K-9 Mail", device: "mobile", os: "Android"),
    UserAgentRule(.contains("aquamail"), "Aqua Mail", device: "mobile", os: "Android"),
    UserAgentRule(.contains("kmail"), "KMail", device: "desktop"),
    UserAgentRule(.contains("evolution/"), "Evolution", device: "desktop"),
    UserAgentRule(.contains("geary/"), "Geary", device: "desktop"),
    UserAgentRule(.contains("claws mail"), "Claws Mail", device: "desktop"),
    UserAgentRule(.prefix("mail/"), "Apple Mail", device: "desktop", os: "macOS"),
  ]

  /// Browsers and apps that show pages. Nearly all of them call themselves Safari too, and most
  /// Chrome.
  static let browsers = [
    UserAgentRule(.contains("fban/"), "Facebook app"),
    UserAgentRule(.contains("fbav/"), "Facebook app"),
    UserAgentRule(.contains("instagram"), "Instagram app"),
    UserAgentRule(.contains("linkedinapp"), "LinkedIn app"),
    UserAgentRule(.contains("micromessenger"), "WeChat"),
    UserAgentRule(.contains("gsa/"), "Google app"),
    UserAgentRule(.contains("edg/"), "Edge"),
    UserAgentRule(.contains("edge/"), "Edge"),
    UserAgentRule(.contains("edga/"), "Edge"),
    UserAgentRule(.contains("edgios/"), "Edge"),
    UserAgentRule(.contains("opr/"), "Opera"),
    UserAgentRule(.contains("opera"), "Opera"),
    UserAgentRule(.contains("opios/"), "Opera"),
    UserAgentRule(.contains("samsungbrowser/"), "Samsung Internet"),
    UserAgentRule(.contains("yabrowser/"), "Yandex Browser"),
    UserAgentRule(.contains("ucbrowser/"), "UC Browser"),
    UserAgentRule(.contains("miuibrowser/"), "Mi Browser"),
    UserAgentRule(.contains("vivaldi/"), "Vivaldi"),
    UserAgentRule(.contains("duckduckgo/"), "DuckDuckGo"),
    UserAgentRule(.contains("ddg/"), "DuckDuckGo"),
    UserAgentRule(.contains("silk/"), "Silk", device: "tablet"),
    UserAgentRule(.contains("seamonkey/"), "SeaMonkey"),
    UserAgentRule(.contains("firefox/"), "Firefox"),
    UserAgentRule(.contains("fxios/"), "Firefox"),
    UserAgentRule(.contains("crios/"), "Chrome"),
    UserAgentRule(.contains("; wv)"), "Android WebView"),
    UserAgentRule(.contains("chromium/"), "Chromium"),
    UserAgentRule(.contains("chrome/"), "Chrome"),
    UserAgentRule(.contains("msie "), "Internet Explorer"),
    UserAgentRule(.contains("trident/"), "Internet Explorer"),
    UserAgentRule(.prefix("dalvik/"), "Android app", device: "mobile"),
    UserAgentRule(.contains("safari/"), "Safari"),
  ]

  /// Apple's web view names no browser. On an iPhone or a Mac it is Apple Mail more often than not.
  static let webViews = [
    UserAgentRule(.contains("(iphone"), "Apple Mail"),
    UserAgentRule(.contains("(ipad"), "Apple Mail"),
    UserAgentRule(.contains("(macintosh"), "Apple Mail"),
  ]

  static let systems: [(match: UserAgentMatch, name: StaticString)] = [
    (.contains("windows phone"), "Windows"),
    (.contains("iphone"), "iOS"),
    (.contains("ipad"), "iOS"),
    (.contains("ipod"), "iOS"),
    (.contains("android"), "Android"),
    (.contains("windows"), "Windows"),
    (.contains("cros "), "ChromeOS"),
    (.contains("macintosh"), "macOS"),
    (.contains("mac os x"), "macOS"),
    (.contains("macos"), "macOS"),
    (.contains("darwin"), "macOS"),
    (.contains("linux"), "Linux"),
    (.contains("x11"), "Linux"),
  ]

  static let devices: [(match: UserAgentMatch, name: StaticString)] = [
    (.contains("ipad"), "tablet"),
    // Windows and its Office say so on every desktop.
    (.contains("tablet pc"), "desktop"),
    (.contains("tablet"), "tablet"),
    (.contains("kindle"), "tablet"),
    (.contains("iphone"), "mobile"),
    (.contains("ipod"), "mobile"),
    (.contains("mobile"), "mobile"),
    (.contains("outlook-ios"), "mobile"),
    // An Android that does not say "Mobile" is a tablet.
    (.contains("android"), "tablet"),
    (.contains("windows phone"), "mobile"),
    (.contains("windows"), "desktop"),
    (.contains("macintosh"), "desktop"),
    (.contains("mac os x"), "desktop"),
    (.contains("macos"), "desktop"),
    (.contains("cros "), "desktop"),
    (.contains("x11"), "desktop"),
    (.contains("linux"), "desktop"),
  ]
}
