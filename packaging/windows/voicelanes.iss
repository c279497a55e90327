; Inno Setup 6: the installer of the folder that packaging/frozen makes on Windows.
;   iscc /DVersion=0.1.0 packaging\windows\voicelanes.iss
#ifndef Version
  #error Say which version: iscc /DVersion=0.1.0 voicelanes.iss
#endif

[Setup]
AppId={{6C0F0D5E-6E0A-4C5B-9B52-0F1D4B8A7E31}
AppName=Voicelanes
AppVersion={#Version}
AppPublisher=The Voicelanes maintainers
DefaultDirName={autopf}\Voicelanes
DefaultGroupName=Voicelanes
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\icons\voicelanes.ico
UninstallDisplayIcon={app}\Voicelanes window.exe
OutputDir=..\..\dist
OutputBaseFilename=voicelanes-{#Version}-setup
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[Files]
Source: "..\..\build\app\voicelanes\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Voicelanes"; Filename: "{app}\Voicelanes window.exe"
Name: "{autodesktop}\Voicelanes"; Filename: "{app}\Voicelanes window.exe"; Tasks: desktopicon

[Registry]
; Windows looks at what stands behind the last dot: a type of its own for .json would take all of them.
; So Voicelanes is offered under "Open with", for meetings and for recordings.
Root: HKA; Subkey: "Software\Classes\Applications\Voicelanes window.exe\shell\open\command"; ValueType: string; ValueData: """{app}\Voicelanes window.exe"" ""%1"""; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.json\OpenWithList\Voicelanes window.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.wav\OpenWithList\Voicelanes window.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.mp3\OpenWithList\Voicelanes window.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.m4a\OpenWithList\Voicelanes window.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.mp4\OpenWithList\Voicelanes window.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.flac\OpenWithList\Voicelanes window.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.ogg\OpenWithList\Voicelanes window.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.opus\OpenWithList\Voicelanes window.exe"; Flags: uninsdeletekey

[Run]
Filename: "{app}\Voicelanes window.exe"; Description: "{cm:LaunchProgram,Voicelanes}"; Flags: nowait postinstall skipifsilent
