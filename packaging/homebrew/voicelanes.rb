# Cask: the release workflow writes version and sha256 of the two disk images into it.
cask "voicelanes" do
  arch arm: "arm64", intel: "x86_64"

  version "0.1.0"
  sha256 arm:   "0000000000000000000000000000000000000000000000000000000000000000",
         intel: "0000000000000000000000000000000000000000000000000000000000000000"

  url "https://voicelanes.invalid/releases/download/v#{version}/voicelanes-#{version}-macos-#{arch}.dmg"
  name "Voicelanes"
  desc "Shows who speaks when in a recording"
  homepage "https://voicelanes.invalid/"

  depends_on macos: ">= :ventura"

  app "Voicelanes.app"
  binary "#{appdir}/Voicelanes.app/Contents/MacOS/voicelanes"

  zap trash: [
    "~/Library/Application Support/Voicelanes",
    "~/Library/Caches/Voicelanes",
    "~/Library/Logs/Voicelanes",
    "~/Library/Preferences/com.voicelanes.Voicelanes.plist",
  ]
end
