<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>actions</name>
    <message>
      <source>&amp;File</source>
      <translation>&amp;Datei</translation>
    </message>
    <message>
      <source>&amp;Record</source>
      <translation>&amp;Aufnahme</translation>
    </message>
    <message>
      <source>&amp;Edit</source>
      <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
      <source>&amp;Speakers</source>
      <translation>&amp;Sprecher</translation>
    </message>
    <message>
      <source>&amp;Play</source>
      <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
      <source>&amp;Go</source>
      <translation>&amp;Gehe zu</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>A&amp;nsicht</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>&amp;Hilfe</translation>
    </message>
    <message>
      <source>Speaker &amp;1</source>
      <translation>Sprecher &amp;1</translation>
    </message>
    <message>
      <source>Speaker &amp;2</source>
      <translation>Sprecher &amp;2</translation>
    </message>
    <message>
      <source>Speaker &amp;3</source>
      <translation>Sprecher &amp;3</translation>
    </message>
    <message>
      <source>Speaker &amp;4</source>
      <translation>Sprecher &amp;4</translation>
    </message>
    <message>
      <source>Speaker &amp;5</source>
      <translation>Sprecher &amp;5</translation>
    </message>
    <message>
      <source>Speaker &amp;6</source>
      <translation>Sprecher &amp;6</translation>
    </message>
    <message>
      <source>Speaker &amp;7</source>
      <translation>Sprecher &amp;7</translation>
    </message>
    <message>
      <source>Speaker &amp;8</source>
      <translation>Sprecher &amp;8</translation>
    </message>
    <message>
      <source>Speaker &amp;9</source>
      <translation>Sprecher &amp;9</translation>
    </message>
    <message>
      <source>&amp;Give to speaker</source>
      <translation>Sprecher &amp;zuweisen</translation>
    </message>
    <message>
      <source>M&amp;ove an edge</source>
      <translation>&amp;Grenze verschieben</translation>
    </message>
    <message>
      <source>Mar&amp;kers</source>
      <translation>Mar&amp;ken</translation>
    </message>
    <message>
      <source>Spec&amp;trogram</source>
      <translation>Spek&amp;trogramm</translation>
    </message>
    <message>
      <source>Mis&amp;takes</source>
      <translation>&amp;Fehler</translation>
    </message>
    <message>
      <source>Overlapping spee&amp;ch</source>
      <translation>Gleichzeitiges Spre&amp;chen</translation>
    </message>
    <message>
      <source>&amp;Open recording…</source>
      <translation>Aufnahme ö&amp;ffnen…</translation>
    </message>
    <message>
      <source>Open an audio or video file and find out who speaks when, or a saved meeting</source>
      <translation>Eine Audio- oder Videodatei öffnen und herausfinden, wer wann spricht, oder eine gespeicherte Besprechung</translation>
    </message>
    <message>
      <source>Open &amp;folder…</source>
      <translation>&amp;Ordner öffnen…</translation>
    </message>
    <message>
      <source>Find out who speaks when in all recordings of a folder</source>
      <translation>Herausfinden, wer in allen Aufnahmen eines Ordners wann spricht</translation>
    </message>
    <message>
      <source>Anal&amp;yse again</source>
      <translation>Erneut anal&amp;ysieren</translation>
    </message>
    <message>
      <source>Find the turns of this recording once more</source>
      <translation>Die Redebeiträge dieser Aufnahme noch einmal suchen</translation>
    </message>
    <message>
      <source>Sound trac&amp;k…</source>
      <translation>To&amp;nspur…</translation>
    </message>
    <message>
      <source>Choose which of several sound tracks is heard, and find its turns</source>
      <translation>Wählen, welche von mehreren Tonspuren gehört wird, und ihre Redebeiträge finden</translation>
    </message>
    <message>
      <source>S&amp;top analysing</source>
      <translation>Ana&amp;lyse abbrechen</translation>
    </message>
    <message>
      <source>Stop the work under way; the turns found so far stay</source>
      <translation>Die laufende Arbeit abbrechen; die bisher gefundenen Redebeiträge bleiben</translation>
    </message>
    <message>
      <source>&amp;Save</source>
      <translation>&amp;Speichern</translation>
    </message>
    <message>
      <source>Keep turns, names and markers in a meeting file beside the recording</source>
      <translation>Redebeiträge, Namen und Marken in einer Datei neben der Aufnahme aufbewahren</translation>
    </message>
    <message>
      <source>Save &amp;as…</source>
      <translation>Speichern &amp;unter…</translation>
    </message>
    <message>
      <source>Keep the meeting under another name or in another folder</source>
      <translation>Die Besprechung unter einem anderen Namen oder in einem anderen Ordner aufbewahren</translation>
    </message>
    <message>
      <source>&amp;Import turns…</source>
      <translation>Redebeiträge &amp;importieren…</translation>
    </message>
    <message>
      <source>Put turns from RTTM, Audacity labels, TextGrid, EAF or JSON on this recording</source>
      <translation>Redebeiträge aus RTTM, Audacity-Textmarken, TextGrid, EAF oder JSON auf diese Aufnahme legen</translation>
    </message>
    <message>
      <source>Import wor&amp;ds…</source>
      <translation>&amp;Wörter importieren…</translation>
    </message>
    <message>
      <source>Lay a transcript on the turns: subtitles, Whisper, Vosk, ELAN, text with names</source>
      <translation>Ein Transkript auf die Beiträge legen: Untertitel, Whisper, Vosk, ELAN, Text mit Namen</translation>
    </message>
    <message>
      <source>Recog&amp;nise words…</source>
      <translation>Wörter e&amp;rkennen…</translation>
    </message>
    <message>
      <source>Let a recogniser on this machine write down what is said in the turns</source>
      <translation>Einen Spracherkenner auf diesem Rechner aufschreiben lassen, was in den Beiträgen gesagt wird</translation>
    </message>
    <message>
      <source>&amp;Export…</source>
      <translation>E&amp;xportieren…</translation>
    </message>
    <message>
      <source>Write the turns for other programs, a summary, a picture or the sound per speaker</source>
      <translation>Die Redebeiträge für andere Programme schreiben, eine Zusammenfassung, ein Bild oder den Ton je Sprecher</translation>
    </message>
    <message>
      <source>Compare &amp;with a reference…</source>
      <translation>Mit Referenz &amp;vergleichen…</translation>
    </message>
    <message>
      <source>Open right turns (RTTM and others): error rate, and where the mistakes are</source>
      <translation>Richtige Redebeiträge öffnen (RTTM und andere): Fehlerrate, und wo die Fehler sind</translation>
    </message>
    <message>
      <source>Settin&amp;gs…</source>
      <translation>Einstellun&amp;gen…</translation>
    </message>
    <message>
      <source>Theme, language, microphone, models, shortcuts</source>
      <translation>Aussehen, Sprache, Mikrofon, Modelle, Tastenkürzel</translation>
    </message>
    <message>
      <source>&amp;Close recording</source>
      <translation>Aufnahme s&amp;chließen</translation>
    </message>
    <message>
      <source>Close this recording; the file itself is never changed</source>
      <translation>Diese Aufnahme schließen; die Datei selbst wird nie verändert</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>&amp;Beenden</translation>
    </message>
    <message>
      <source>Close Voicelanes</source>
      <translation>Voicelanes schließen</translation>
    </message>
    <message>
      <source>Record from the microphone and see who speaks meanwhile; again to pause, and go on</source>
      <translation>Vom Mikrofon aufnehmen und dabei sehen, wer spricht; noch einmal zum Anhalten und Fortsetzen</translation>
    </message>
    <message>
      <source>&amp;Stop recording</source>
      <translation>Aufnahme &amp;beenden</translation>
    </message>
    <message>
      <source>End the recording; it is saved, and a second pass listens to all of it</source>
      <translation>Die Aufnahme beenden; sie wird gespeichert, und ein zweiter Durchgang hört sie ganz</translation>
    </message>
    <message>
      <source>M&amp;ini view</source>
      <translation>M&amp;ini-Ansicht</translation>
    </message>
    <message>
      <source>A small window that stays in front while it is recorded, beside a call</source>
      <translation>Ein kleines Fenster, das während der Aufnahme vorne bleibt, neben einem Anruf</translation>
    </message>
    <message>
      <source>&amp;Microphone and level</source>
      <translation>&amp;Mikrofon und Pegel</translation>
    </message>
    <message>
      <source>Choose the microphone and see how loud it is, before anything is recorded</source>
      <translation>Das Mikrofon wählen und sehen, wie laut es ist, bevor etwas aufgenommen wird</translation>
    </message>
    <message>
      <source>Recordings &amp;folder…</source>
      <translation>Aufnahme&amp;ordner…</translation>
    </message>
    <message>
      <source>Choose where recordings are kept</source>
      <translation>Wählen, wo Aufnahmen aufbewahrt werden</translation>
    </message>
    <message>
      <source>&amp;Play or pause</source>
      <translation>&amp;Abspielen oder anhalten</translation>
    </message>
    <message>
      <source>Play from the playhead, or pause; plays the selected time if there is one</source>
      <translation>Ab der Abspielmarke abspielen, oder anhalten; spielt die ausgewählte Zeit, wenn es eine gibt</translation>
    </message>
    <message>
      <source>S&amp;top</source>
      <translation>S&amp;topp</translation>
    </message>
    <message>
      <source>Stop, and go back to where playing began</source>
      <translation>Anhalten und dorthin zurück, wo die Wiedergabe begann</translation>
    </message>
    <message>
      <source>Skip 5 s &amp;back</source>
      <translation>5 s &amp;zurück</translation>
    </message>
    <message>
      <source>Hear the last five seconds once more</source>
      <translation>Die letzten fünf Sekunden noch einmal hören</translation>
    </message>
    <message>
      <source>Skip 5 s &amp;forward</source>
      <translation>5 s &amp;vor</translation>
    </message>
    <message>
      <source>Five seconds on</source>
      <translation>Fünf Sekunden weiter</translation>
    </message>
    <message>
      <source>&amp;Loop selection or turn</source>
      <translation>Auswahl oder Beitrag &amp;wiederholen</translation>
    </message>
    <message>
      <source>Play the selected time or turn, or the turn at the playhead, over and over</source>
      <translation>Die ausgewählte Zeit oder den Redebeitrag immer wieder abspielen</translation>
    </message>
    <message>
      <source>Skip s&amp;ilence</source>
      <translation>St&amp;ille überspringen</translation>
    </message>
    <message>
      <source>Jump over everything in which nobody speaks</source>
      <translation>Alles überspringen, worin niemand spricht</translation>
    </message>
    <message>
      <source>&amp;Slower</source>
      <translation>55|&amp;LangsamerLangsamer</translation>
    </message>
    <message>
      <source>Play more slowly, down to half the speed, at the same pitch</source>
      <translation>Langsamer abspielen, bis zum halben Tempo, in gleicher Tonhöhe</translation>
    </message>
    <message>
      <source>F&amp;aster</source>
      <translation>S&amp;chneller</translation>
    </message>
    <message>
      <source>Play faster, up to twice the speed, at the same pitch</source>
      <translation>Schneller abspielen, bis zum doppelten Tempo, in gleicher Tonhöhe</translation>
    </message>
    <message>
      <source>&amp;Normal speed</source>
      <translation>Nor&amp;males Tempo</translation>
    </message>
    <message>
      <source>Play as it was said</source>
      <translation>Abspielen, wie es gesprochen wurde</translation>
    </message>
    <message>
      <source>Play a sample of this &amp;voice</source>
      <translation>&amp;Probe dieser Stimme abspielen</translation>
    </message>
    <message>
      <source>Play some seconds in which the speaker of the selected turn or lane speaks alone</source>
      <translation>Einige Sekunden abspielen, in denen der Sprecher des ausgewählten Beitrags oder der Spur allein spricht</translation>
    </message>
    <message>
      <source>Play &amp;only this voice</source>
      <translation>&amp;Nur diese Stimme abspielen</translation>
    </message>
    <message>
      <source>Jump over everything that this speaker doesn't say; again to end that</source>
      <translation>Alles überspringen, was dieser Sprecher nicht sagt; noch einmal beendet das</translation>
    </message>
    <message>
      <source>&amp;Mute this voice</source>
      <translation>Stimme &amp;stummschalten</translation>
    </message>
    <message>
      <source>Silence where just this speaker speaks; again to end that</source>
      <translation>Stille, wo nur dieser Sprecher spricht; noch einmal beendet das</translation>
    </message>
    <message>
      <source>&amp;Hear all voices</source>
      <translation>All&amp;e Stimmen hören</translation>
    </message>
    <message>
      <source>No voice is muted or played alone any more</source>
      <translation>Keine Stimme ist mehr stumm oder wird allein abgespielt</translation>
    </message>
    <message>
      <source>&amp;Undo</source>
      <translation>&amp;Rückgängig</translation>
    </message>
    <message>
      <source>Take back the last change</source>
      <translation>Die letzte Änderung zurücknehmen</translation>
    </message>
    <message>
      <source>&amp;Redo</source>
      <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
      <source>Make the change again that was taken back</source>
      <translation>Die zurückgenommene Änderung noch einmal machen</translation>
    </message>
    <message>
      <source>Select &amp;all turns</source>
      <translation>&amp;Alle Beiträge auswählen</translation>
    </message>
    <message>
      <source>Select every turn</source>
      <translation>Jeden Redebeitrag auswählen</translation>
    </message>
    <message>
      <source>Select all of this speak&amp;er</source>
      <translation>Alle dieses Spre&amp;chers auswählen</translation>
    </message>
    <message>
      <source>Select every turn of the selected turn's speaker</source>
      <translation>Jeden Redebeitrag des Sprechers des ausgewählten Beitrags auswählen</translation>
    </message>
    <message>
      <source>Select the turn &amp;before too</source>
      <translation>&amp;Vorigen Beitrag dazu</translation>
    </message>
    <message>
      <source>Add the turn before to those that are selected</source>
      <translation>Den Redebeitrag davor zu den ausgewählten dazunehmen</translation>
    </message>
    <message>
      <source>Select the ne&amp;xt turn too</source>
      <translation>&amp;Nächsten Beitrag dazu</translation>
    </message>
    <message>
      <source>Add the next turn to those that are selected</source>
      <translation>Den nächsten Redebeitrag zu den ausgewählten dazunehmen</translation>
    </message>
    <message>
      <source>&amp;Split at the playhead</source>
      <translation>An der Abspielmarke &amp;teilen</translation>
    </message>
    <message>
      <source>Cut the selected turn, or the one at the playhead, in two</source>
      <translation>Den ausgewählten Redebeitrag, oder den an der Abspielmarke, in zwei teilen</translation>
    </message>
    <message>
      <source>&amp;Merge with next</source>
      <translation>Mit näch&amp;stem verbinden</translation>
    </message>
    <message>
      <source>Make the selected turns one, or a turn and the next one of its speaker</source>
      <translation>Aus den ausgewählten Redebeiträgen einen machen, oder aus einem und dem nächsten seines Sprechers</translation>
    </message>
    <message>
      <source>Merge with &amp;previous</source>
      <translation>Mit vori&amp;gem verbinden</translation>
    </message>
    <message>
      <source>Make a turn and the one before it of its speaker one</source>
      <translation>Aus einem Redebeitrag und dem davor desselben Sprechers einen machen</translation>
    </message>
    <message>
      <source>&amp;Delete turns</source>
      <translation>Beiträge &amp;löschen</translation>
    </message>
    <message>
      <source>Nobody speaks in the selected turns</source>
      <translation>In den ausgewählten Redebeiträgen spricht niemand</translation>
    </message>
    <message>
      <source>Write what &amp;is said</source>
      <translation>Wörter schre&amp;iben</translation>
    </message>
    <message>
      <source>Write or correct the words of the selected turn, in the table</source>
      <translation>Die Wörter des ausgewählten Beitrags in der Tabelle schreiben oder verbessern</translation>
    </message>
    <message>
      <source>New &amp;turn</source>
      <translation>Neuer &amp;Beitrag</translation>
    </message>
    <message>
      <source>A turn over the selected time, of the speaker whose lane was chosen last</source>
      <translation>Ein Redebeitrag über die ausgewählte Zeit, von dem Sprecher, dessen Spur zuletzt gewählt wurde</translation>
    </message>
    <message>
      <source>The selected turns are of this speaker; over selected time, draw a turn of theirs</source>
      <translation>Die ausgewählten Redebeiträge sind von diesem Sprecher; über ausgewählter Zeit wird ein Beitrag gezeichnet</translation>
    </message>
    <message>
      <source>&amp;New speaker</source>
      <translation>&amp;Neuer Sprecher</translation>
    </message>
    <message>
      <source>The selected turns, or the selected time, are of somebody new</source>
      <translation>Die ausgewählten Redebeiträge, oder die ausgewählte Zeit, sind von jemand Neuem</translation>
    </message>
    <message>
      <source>&amp;Start at the playhead</source>
      <translation>&amp;Anfang an der Abspielmarke</translation>
    </message>
    <message>
      <source>The selected turn starts here; without one, the selected time does</source>
      <translation>Der ausgewählte Redebeitrag beginnt hier; ohne einen beginnt hier die ausgewählte Zeit</translation>
    </message>
    <message>
      <source>&amp;End at the playhead</source>
      <translation>&amp;Ende an der Abspielmarke</translation>
    </message>
    <message>
      <source>The selected turn ends here; without one, the selected time does</source>
      <translation>Der ausgewählte Redebeitrag endet hier; ohne einen endet hier die ausgewählte Zeit</translation>
    </message>
    <message>
      <source>Start e&amp;arlier</source>
      <translation>Anfang &amp;früher</translation>
    </message>
    <message>
      <source>The selected turn starts 50 ms earlier</source>
      <translation>Der ausgewählte Redebeitrag beginnt 50 ms früher</translation>
    </message>
    <message>
      <source>Start &amp;later</source>
      <translation>Anfang &amp;später</translation>
    </message>
    <message>
      <source>The selected turn starts 50 ms later</source>
      <translation>Der ausgewählte Redebeitrag beginnt 50 ms später</translation>
    </message>
    <message>
      <source>End ea&amp;rlier</source>
      <translation>Ende f&amp;rüher</translation>
    </message>
    <message>
      <source>The selected turn ends 50 ms earlier</source>
      <translation>Der ausgewählte Redebeitrag endet 50 ms früher</translation>
    </message>
    <message>
      <source>End la&amp;ter</source>
      <translation>Ende s&amp;päter</translation>
    </message>
    <message>
      <source>The selected turn ends 50 ms later</source>
      <translation>Der ausgewählte Redebeitrag endet 50 ms später</translation>
    </message>
    <message>
      <source>&amp;Add marker</source>
      <translation>Marke &amp;setzen</translation>
    </message>
    <message>
      <source>Put a marker at the playhead, while recording at what is heard now, and type why</source>
      <translation>Eine Marke an der Abspielmarke setzen, bei der Aufnahme dort, wo jetzt gehört wird, und schreiben, warum</translation>
    </message>
    <message>
      <source>&amp;Edit its text</source>
      <translation>&amp;Text ändern</translation>
    </message>
    <message>
      <source>Type another text for the marker at the playhead</source>
      <translation>Der Marke an der Abspielmarke einen anderen Text geben</translation>
    </message>
    <message>
      <source>&amp;Remove marker</source>
      <translation>Marke &amp;entfernen</translation>
    </message>
    <message>
      <source>Take away the marker at the playhead</source>
      <translation>Die Marke an der Abspielmarke wegnehmen</translation>
    </message>
    <message>
      <source>&amp;Rename</source>
      <translation>&amp;Umbenennen</translation>
    </message>
    <message>
      <source>Type the name of this speaker; Tab goes on to the next one</source>
      <translation>Den Namen dieses Sprechers eintippen; mit Tab geht es zum nächsten</translation>
    </message>
    <message>
      <source>Change &amp;colour…</source>
      <translation>&amp;Farbe ändern…</translation>
    </message>
    <message>
      <source>Choose a colour for this speaker</source>
      <translation>Eine Farbe für diesen Sprecher wählen</translation>
    </message>
    <message>
      <source>R&amp;eset colour</source>
      <translation>Farbe zurücks&amp;etzen</translation>
    </message>
    <message>
      <source>The colour that goes with this speaker's number</source>
      <translation>Die Farbe, die zur Nummer dieses Sprechers gehört</translation>
    </message>
    <message>
      <source>&amp;Merge with…</source>
      <translation>&amp;Verbinden mit…</translation>
    </message>
    <message>
      <source>This speaker and another one are the same person</source>
      <translation>Dieser Sprecher und ein anderer sind dieselbe Person</translation>
    </message>
    <message>
      <source>Remo&amp;ve empty lane</source>
      <translation>&amp;Leere Spur entfernen</translation>
    </message>
    <message>
      <source>Take away a speaker without turns</source>
      <translation>Einen Sprecher ohne Redebeiträge wegnehmen</translation>
    </message>
    <message>
      <source>Revie&amp;w minor speakers…</source>
      <translation>&amp;Wenig-Sprecher durchgehen…</translation>
    </message>
    <message>
      <source>Go through speakers who say so little that they may be nobody: fold or keep them</source>
      <translation>Sprecher durchgehen, die so wenig sagen, dass sie vielleicht niemand sind: zusammenlegen oder behalten</translation>
    </message>
    <message>
      <source>Move lane &amp;up</source>
      <translation>Spur nach &amp;oben</translation>
    </message>
    <message>
      <source>Show this speaker's lane further up</source>
      <translation>Die Spur dieses Sprechers weiter oben zeigen</translation>
    </message>
    <message>
      <source>Move lane &amp;down</source>
      <translation>Spur nach un&amp;ten</translation>
    </message>
    <message>
      <source>Show this speaker's lane further down</source>
      <translation>Die Spur dieses Sprechers weiter unten zeigen</translation>
    </message>
    <message>
      <source>Remem&amp;ber this voice…</source>
      <translation>Stimme &amp;merken…</translation>
    </message>
    <message>
      <source>Keep the voice of this speaker, so that it is recognised in later meetings</source>
      <translation>Die Stimme dieses Sprechers behalten, damit sie in späteren Besprechungen erkannt wird</translation>
    </message>
    <message>
      <source>&amp;Yes, that is the voice</source>
      <translation>&amp;Ja, das ist die Stimme</translation>
    </message>
    <message>
      <source>This speaker is who the voice was recognised as, or may be</source>
      <translation>Dieser Sprecher ist, wer nach der Stimme erkannt wurde oder es sein könnte</translation>
    </message>
    <message>
      <source>&amp;No, that is somebody else</source>
      <translation>&amp;Nein, das ist jemand anders</translation>
    </message>
    <message>
      <source>The voice isn't whose it was taken for; that isn't asked again in this meeting</source>
      <translation>Die Stimme gehört jemand anders; in dieser Besprechung wird nicht wieder danach gefragt</translation>
    </message>
    <message>
      <source>&amp;Known voices…</source>
      <translation>&amp;Bekannte Stimmen…</translation>
    </message>
    <message>
      <source>The voices that are remembered: hear, repair, rename, export or delete them</source>
      <translation>Die gemerkten Stimmen: anhören, ausbessern, umbenennen, exportieren oder löschen</translation>
    </message>
    <message>
      <source>&amp;Find this voice elsewhere</source>
      <translation>Diese &amp;Stimme anderswo suchen</translation>
    </message>
    <message>
      <source>Show in which recordings of the folder the same voice speaks</source>
      <translation>Zeigen, in welchen Aufnahmen des Ordners dieselbe Stimme spricht</translation>
    </message>
    <message>
      <source>Step &amp;back</source>
      <translation>Schritt &amp;zurück</translation>
    </message>
    <message>
      <source>One second back</source>
      <translation>Eine Sekunde zurück</translation>
    </message>
    <message>
      <source>Step &amp;forward</source>
      <translation>Schritt &amp;vor</translation>
    </message>
    <message>
      <source>One second forward</source>
      <translation>Eine Sekunde vor</translation>
    </message>
    <message>
      <source>Previous turn &amp;edge</source>
      <translation>Vorige &amp;Grenze</translation>
    </message>
    <message>
      <source>Back to where a turn starts or ends</source>
      <translation>Zurück, wo ein Redebeitrag beginnt oder endet</translation>
    </message>
    <message>
      <source>Next turn e&amp;dge</source>
      <translation>Nächste G&amp;renze</translation>
    </message>
    <message>
      <source>On to where a turn starts or ends</source>
      <translation>Weiter, wo ein Redebeitrag beginnt oder endet</translation>
    </message>
    <message>
      <source>&amp;Previous turn</source>
      <translation>V&amp;origer Beitrag</translation>
    </message>
    <message>
      <source>Select the turn before and go to its start</source>
      <translation>Den Redebeitrag davor auswählen und zu seinem Anfang gehen</translation>
    </message>
    <message>
      <source>&amp;Next turn</source>
      <translation>&amp;Nächster Beitrag</translation>
    </message>
    <message>
      <source>Select the next turn and go to its start</source>
      <translation>Den nächsten Redebeitrag auswählen und zu seinem Anfang gehen</translation>
    </message>
    <message>
      <source>Previous turn of this spea&amp;ker</source>
      <translation>Voriger desselben &amp;Sprechers</translation>
    </message>
    <message>
      <source>Select the turn before of the same speaker and go to its start</source>
      <translation>Den Redebeitrag davor desselben Sprechers auswählen und zu seinem Anfang gehen</translation>
    </message>
    <message>
      <source>Next turn of th&amp;is speaker</source>
      <translation>Nächster desselben S&amp;prechers</translation>
    </message>
    <message>
      <source>Select the next turn of the same speaker and go to its start</source>
      <translation>Den nächsten Redebeitrag desselben Sprechers auswählen und zu seinem Anfang gehen</translation>
    </message>
    <message>
      <source>Turn in the lane &amp;above</source>
      <translation>Beitrag der Spur &amp;darüber</translation>
    </message>
    <message>
      <source>Select the nearest turn in the lane above</source>
      <translation>Den nächstgelegenen Redebeitrag der Spur darüber auswählen</translation>
    </message>
    <message>
      <source>Turn in the &amp;lane below</source>
      <translation>Beitrag der Spur dar&amp;unter</translation>
    </message>
    <message>
      <source>Select the nearest turn in the lane below</source>
      <translation>Den nächstgelegenen Redebeitrag der Spur darunter auswählen</translation>
    </message>
    <message>
      <source>Next d&amp;oubtful turn</source>
      <translation>Nächster z&amp;weifelhafter</translation>
    </message>
    <message>
      <source>Select the next turn of which it isn't sure who speaks</source>
      <translation>Den nächsten Beitrag auswählen, bei dem nicht sicher ist, wer spricht</translation>
    </message>
    <message>
      <source>Previous do&amp;ubtful turn</source>
      <translation>Voriger zwei&amp;felhafter</translation>
    </message>
    <message>
      <source>Select the turn before of which it isn't sure who speaks</source>
      <translation>Den vorigen Beitrag auswählen, bei dem nicht sicher ist, wer spricht</translation>
    </message>
    <message>
      <source>Revie&amp;w doubtful turns</source>
      <translation>Zweifelhafte Beiträge durc&amp;hgehen</translation>
    </message>
    <message>
      <source>Go through them one by one: each is played, and you say whose it is</source>
      <translation>Einen nach dem anderen: jeder wird abgespielt, und Sie sagen, von wem er ist</translation>
    </message>
    <message>
      <source>Pre&amp;vious marker</source>
      <translation>Vorige &amp;Marke</translation>
    </message>
    <message>
      <source>Back to a marker</source>
      <translation>Zurück zu einer Marke</translation>
    </message>
    <message>
      <source>Ne&amp;xt marker</source>
      <translation>Nä&amp;chste Marke</translation>
    </message>
    <message>
      <source>On to a marker</source>
      <translation>Weiter zu einer Marke</translation>
    </message>
    <message>
      <source>&amp;Previous mistake</source>
      <translation>&amp;Voriger Fehler</translation>
    </message>
    <message>
      <source>Back to where the turns differ from the reference</source>
      <translation>Zurück, wo die Redebeiträge von der Referenz abweichen</translation>
    </message>
    <message>
      <source>&amp;Next mistake</source>
      <translation>&amp;Nächster Fehler</translation>
    </message>
    <message>
      <source>On to where the turns differ from the reference</source>
      <translation>Weiter, wo die Redebeiträge von der Referenz abweichen</translation>
    </message>
    <message>
      <source>&amp;Previous overlap</source>
      <translation>&amp;Vorige Überlappung</translation>
    </message>
    <message>
      <source>Back to where two or more speak at once</source>
      <translation>Zurück dahin, wo zwei oder mehr zugleich sprechen</translation>
    </message>
    <message>
      <source>&amp;Next overlap</source>
      <translation>&amp;Nächste Überlappung</translation>
    </message>
    <message>
      <source>On to where two or more speak at once; Space plays it</source>
      <translation>Weiter dahin, wo zwei oder mehr zugleich sprechen; die Leertaste spielt es</translation>
    </message>
    <message>
      <source>&amp;Start of recording</source>
      <translation>&amp;Anfang der Aufnahme</translation>
    </message>
    <message>
      <source>Go to the start of the recording</source>
      <translation>Zum Anfang der Aufnahme gehen</translation>
    </message>
    <message>
      <source>End of &amp;recording</source>
      <translation>&amp;Ende der Aufnahme</translation>
    </message>
    <message>
      <source>Go to the end of the recording</source>
      <translation>Zum Ende der Aufnahme gehen</translation>
    </message>
    <message>
      <source>&amp;Go to time…</source>
      <translation>Zu einer Ze&amp;it…</translation>
    </message>
    <message>
      <source>Type a time and go there</source>
      <translation>Eine Zeit eintippen und dorthin gehen</translation>
    </message>
    <message>
      <source>Zoom &amp;in</source>
      <translation>Ver&amp;größern</translation>
    </message>
    <message>
      <source>Show less time, larger</source>
      <translation>Weniger Zeit zeigen, größer</translation>
    </message>
    <message>
      <source>Zoom &amp;out</source>
      <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
      <source>Show more time, smaller</source>
      <translation>Mehr Zeit zeigen, kleiner</translation>
    </message>
    <message>
      <source>&amp;Fit</source>
      <translation>&amp;Alles zeigen</translation>
    </message>
    <message>
      <source>Show the whole recording</source>
      <translation>Die ganze Aufnahme zeigen</translation>
    </message>
    <message>
      <source>&amp;Normal zoom</source>
      <translation>&amp;Normale Größe</translation>
    </message>
    <message>
      <source>Show as much time as is good to read</source>
      <translation>So viel Zeit zeigen, wie gut zu lesen ist</translation>
    </message>
    <message>
      <source>Zoom to &amp;selection</source>
      <translation>A&amp;uswahl zeigen</translation>
    </message>
    <message>
      <source>Show just the selected time or turn</source>
      <translation>Nur die ausgewählte Zeit oder den Redebeitrag zeigen</translation>
    </message>
    <message>
      <source>&amp;Off: the waveform</source>
      <translation>&amp;Aus: die Wellenform</translation>
    </message>
    <message>
      <source>The outline of the sound, in the speakers' colours</source>
      <translation>Der Umriss des Tons in den Farben der Sprecher</translation>
    </message>
    <message>
      <source>To &amp;1 kHz: pitch</source>
      <translation>Bis &amp;1 kHz: Tonhöhe</translation>
    </message>
    <message>
      <source>How high the voices are</source>
      <translation>Wie hoch die Stimmen sind</translation>
    </message>
    <message>
      <source>To &amp;4 kHz: vowels</source>
      <translation>Bis &amp;4 kHz: Vokale</translation>
    </message>
    <message>
      <source>Pitch and formants, as phoneticians look at them</source>
      <translation>Tonhöhe und Formanten, wie Phonetiker sie ansehen</translation>
    </message>
    <message>
      <source>To &amp;8 kHz: all</source>
      <translation>Bis &amp;8 kHz: alles</translation>
    </message>
    <message>
      <source>All that is heard</source>
      <translation>Alles, was zu hören ist</translation>
    </message>
    <message>
      <source>Scroll &amp;back</source>
      <translation>&amp;Zurückblättern</translation>
    </message>
    <message>
      <source>One screen back in time</source>
      <translation>Einen Bildschirm zurück in der Zeit</translation>
    </message>
    <message>
      <source>Scroll for&amp;ward</source>
      <translation>&amp;Vorblättern</translation>
    </message>
    <message>
      <source>One screen on in time</source>
      <translation>Einen Bildschirm weiter in der Zeit</translation>
    </message>
    <message>
      <source>Follow the &amp;playhead</source>
      <translation>Der Abspielmarke &amp;folgen</translation>
    </message>
    <message>
      <source>Keep the playhead in view; scrolling by hand suspends it</source>
      <translation>Die Abspielmarke im Blick behalten; von Hand zu blättern setzt das aus</translation>
    </message>
    <message>
      <source>&amp;Clear selection, then fit</source>
      <translation>Auswahl auf&amp;heben, dann alles</translation>
    </message>
    <message>
      <source>First clears the selection and ends a loop, then shows the whole recording</source>
      <translation>Hebt erst die Auswahl auf und beendet eine Wiederholung, zeigt dann die ganze Aufnahme</translation>
    </message>
    <message>
      <source>Speakers pane&amp;l</source>
      <translation>&amp;Sprecherfeld</translation>
    </message>
    <message>
      <source>Show or hide names, colours and numbers of the speakers</source>
      <translation>Namen, Farben und Zahlen der Sprecher zeigen oder verbergen</translation>
    </message>
    <message>
      <source>T&amp;urns table</source>
      <translation>&amp;Tabelle der Beiträge</translation>
    </message>
    <message>
      <source>Show or hide the table of turns</source>
      <translation>Die Tabelle der Redebeiträge zeigen oder verbergen</translation>
    </message>
    <message>
      <source>&amp;Markers list</source>
      <translation>&amp;Markenliste</translation>
    </message>
    <message>
      <source>Show or hide the list of markers</source>
      <translation>Die Liste der Marken zeigen oder verbergen</translation>
    </message>
    <message>
      <source>W&amp;hat is said</source>
      <translation>&amp;Was gesagt wird</translation>
    </message>
    <message>
      <source>Show or hide the words as a page to read</source>
      <translation>Die Wörter als Seite zum Lesen zeigen oder verbergen</translation>
    </message>
    <message>
      <source>Recordin&amp;gs of the folder</source>
      <translation>Aufnahmen des O&amp;rdners</translation>
    </message>
    <message>
      <source>Show or hide the list of recordings of the folder</source>
      <translation>Die Liste der Aufnahmen des Ordners zeigen oder verbergen</translation>
    </message>
    <message>
      <source>Map of the &amp;voices</source>
      <translation>Kart&amp;e der Stimmen</translation>
    </message>
    <message>
      <source>Show or hide how alike the voices sound: a map of points, and distances</source>
      <translation>Zeigen oder verbergen, wie ähnlich die Stimmen klingen: eine Karte aus Punkten, und Abstände</translation>
    </message>
    <message>
      <source>N&amp;ext panel</source>
      <translation>N&amp;ächstes Feld</translation>
    </message>
    <message>
      <source>Move the keyboard to the next panel, or back to the timeline</source>
      <translation>Mit der Tastatur zum nächsten Feld gehen, oder zurück zur Zeitleiste</translation>
    </message>
    <message>
      <source>P&amp;revious panel</source>
      <translation>V&amp;origes Feld</translation>
    </message>
    <message>
      <source>Move the keyboard to the panel before</source>
      <translation>Mit der Tastatur zum Feld davor gehen</translation>
    </message>
    <message>
      <source>Fin&amp;d turns</source>
      <translation>Beiträge fin&amp;den</translation>
    </message>
    <message>
      <source>Look for turns by speaker, time or state in the table</source>
      <translation>In der Tabelle nach Redebeiträgen suchen, nach Sprecher, Zeit oder Zustand</translation>
    </message>
    <message>
      <source>&amp;Keyboard and mouse</source>
      <translation>&amp;Tastatur und Maus</translation>
    </message>
    <message>
      <source>Show every shortcut</source>
      <translation>Jedes Tastenkürzel zeigen</translation>
    </message>
    <message>
      <source>User &amp;guide</source>
      <translation>&amp;Handbuch</translation>
    </message>
    <message>
      <source>How to do what, chapter by chapter; no network is needed</source>
      <translation>Wie man was macht, Kapitel für Kapitel; ohne Netz</translation>
    </message>
    <message>
      <source>&amp;Tour</source>
      <translation>&amp;Rundgang</translation>
    </message>
    <message>
      <source>What can be done with what one sees, in two minutes, on the sample</source>
      <translation>Was man mit dem tun kann, was man sieht, in zwei Minuten am Beispiel</translation>
    </message>
    <message>
      <source>Open &amp;log folder</source>
      <translation>&amp;Protokollordner öffnen</translation>
    </message>
    <message>
      <source>Show the folder with the log of this program</source>
      <translation>Den Ordner mit dem Protokoll dieses Programms zeigen</translation>
    </message>
    <message>
      <source>Check for a &amp;new version…</source>
      <translation>Nach einer &amp;neuen Version sehen…</translation>
    </message>
    <message>
      <source>Show where new versions are; Voicelanes itself asks no network</source>
      <translation>Zeigt, wo neue Versionen sind; Voicelanes selbst fragt kein Netz</translation>
    </message>
    <message>
      <source>&amp;About Voicelanes</source>
      <translation>&amp;Über Voicelanes</translation>
    </message>
    <message>
      <source>Version, models and licences</source>
      <translation>Version, Modelle und Lizenzen</translation>
    </message>
    <message>
      <source>Click</source>
      <translation>Klick</translation>
    </message>
    <message>
      <source>Move the playhead there</source>
      <translation>Die Abspielmarke dorthin setzen</translation>
    </message>
    <message>
      <source>Click a turn</source>
      <translation>Klick auf einen Beitrag</translation>
    </message>
    <message>
      <source>Select it</source>
      <translation>Ihn auswählen</translation>
    </message>
    <message>
      <source>Ctrl+click, Shift+click</source>
      <translation>Strg+Klick, Umschalt+Klick</translation>
    </message>
    <message>
      <source>Select one turn more, or all up to there</source>
      <translation>Einen Redebeitrag mehr auswählen, oder alle bis dorthin</translation>
    </message>
    <message>
      <source>Double-click a turn</source>
      <translation>Doppelklick auf einen Beitrag</translation>
    </message>
    <message>
      <source>Play just that turn, over and over</source>
      <translation>Nur diesen Redebeitrag abspielen, immer wieder</translation>
    </message>
    <message>
      <source>Drag</source>
      <translation>Ziehen</translation>
    </message>
    <message>
      <source>Select a stretch of time; a number then draws a turn there</source>
      <translation>Einen Abschnitt auswählen; eine Ziffer zeichnet dort dann einen Redebeitrag</translation>
    </message>
    <message>
      <source>Drag an edge of a turn</source>
      <translation>Grenze eines Beitrags ziehen</translation>
    </message>
    <message>
      <source>Move it; with Shift also the edge that meets it, with Alt without snapping</source>
      <translation>Sie verschieben; mit Umschalt auch die Grenze, die sie berührt, mit Alt ohne Einrasten</translation>
    </message>
    <message>
      <source>Drag a turn up or down</source>
      <translation>Einen Beitrag nach oben oder unten ziehen</translation>
    </message>
    <message>
      <source>Give it, and all that are selected, to another speaker</source>
      <translation>Ihn, und alle ausgewählten, einem anderen Sprecher geben</translation>
    </message>
    <message>
      <source>Shift+drag in a lane</source>
      <translation>Umschalt+Ziehen in einer Spur</translation>
    </message>
    <message>
      <source>Draw a new turn</source>
      <translation>Einen neuen Redebeitrag zeichnen</translation>
    </message>
    <message>
      <source>Double-click a name</source>
      <translation>Doppelklick auf einen Namen</translation>
    </message>
    <message>
      <source>Rename the speaker</source>
      <translation>Den Sprecher umbenennen</translation>
    </message>
    <message>
      <source>Drag a name</source>
      <translation>Einen Namen ziehen</translation>
    </message>
    <message>
      <source>Move its lane; onto another name, merge the two</source>
      <translation>Seine Spur verschieben; auf einen anderen Namen: die beiden verbinden</translation>
    </message>
    <message>
      <source>Right-click</source>
      <translation>Rechtsklick</translation>
    </message>
    <message>
      <source>What can be done with what is there</source>
      <translation>Was man damit machen kann</translation>
    </message>
    <message>
      <source>Wheel</source>
      <translation>Mausrad</translation>
    </message>
    <message>
      <source>Scroll in time</source>
      <translation>In der Zeit blättern</translation>
    </message>
    <message>
      <source>Ctrl+wheel</source>
      <translation>Strg+Mausrad</translation>
    </message>
    <message>
      <source>Zoom about the pointer</source>
      <translation>Um den Zeiger vergrößern oder verkleinern</translation>
    </message>
    <message>
      <source>Drop a file</source>
      <translation>Eine Datei ablegen</translation>
    </message>
    <message>
      <source>Open it</source>
      <translation>Sie öffnen</translation>
    </message>
  </context>
  <context>
    <name>Comparing</name>
    <message>
      <source>Compare with a reference</source>
      <translation>Mit einer Referenz vergleichen</translation>
    </message>
    <message>
      <source>Annotations</source>
      <translation>Annotationen</translation>
    </message>
    <message>
      <source>All files</source>
      <translation>Alle Dateien</translation>
    </message>
  </context>
  <context>
    <name>ComparePanel</name>
    <message>
      <source>Comparison with the reference</source>
      <translation>Vergleich mit der Referenz</translation>
    </message>
    <message>
      <source>Forgive {} s at edges</source>
      <translation>{} s an Grenzen nachsehen</translation>
    </message>
    <message>
      <source>Previous mistake</source>
      <translation>Voriger Fehler</translation>
    </message>
    <message>
      <source>Next mistake</source>
      <translation>Nächster Fehler</translation>
    </message>
    <message>
      <source>Close reference</source>
      <translation>Referenz schließen</translation>
    </message>
    <message>
      <source>nobody speaks in the reference, so that there is no error rate</source>
      <translation>in der Referenz spricht niemand, also gibt es keine Fehlerrate</translation>
    </message>
    <message>
      <source>DER {} = missed {} + false alarm {} + confusion {} of {} of speech; {} of {} speakers; overlap counts</source>
      <translation>DER {} = gefehlt {} + falscher Alarm {} + verwechselt {} von {} Rede; {} von {} Sprechern; Überlappung zählt</translation>
    </message>
  </context>
  <context>
    <name>Audition</name>
    <message>
      <source>this speaker has no turns to play</source>
      <translation>dieser Sprecher hat keine Redebeiträge zum Abspielen</translation>
    </message>
    <message>
      <source>there are no speakers yet</source>
      <translation>es gibt noch keine Sprecher</translation>
    </message>
  </context>
  <context>
    <name>Marking</name>
    <message>
      <source>go to a marker first: click it, or press Ctrl+PgDown for the next</source>
      <translation>erst zu einer Marke gehen: sie anklicken, oder Strg+Bild ab für die nächste drücken</translation>
    </message>
  </context>
  <context>
    <name>MarkerMenu</name>
    <message>
      <source>To &amp;marker</source>
      <translation>Zu &amp;Marke</translation>
    </message>
    <message>
      <source>No markers yet</source>
      <translation>Noch keine Marken</translation>
    </message>
  </context>
  <context>
    <name>renaming</name>
    <message>
      <source>Merge speakers</source>
      <translation>Sprecher verbinden</translation>
    </message>
    <message>
      <source>There is another speaker called {}. Are they one person?</source>
      <translation>Es gibt schon einen Sprecher namens {}. Sind beide dieselbe Person?</translation>
    </message>
    <message>
      <source>Merging gives all turns to one speaker; it can be undone.</source>
      <translation>Verbinden gibt alle Redebeiträge einem Sprecher; es lässt sich rückgängig machen.</translation>
    </message>
    <message>
      <source>&amp;Merge</source>
      <translation>&amp;Verbinden</translation>
    </message>
    <message>
      <source>&amp;Keep apart</source>
      <translation>&amp;Getrennt lassen</translation>
    </message>
  </context>
  <context>
    <name>Selecting</name>
    <message>
      <source>there is no other doubtful turn on that side</source>
      <translation>auf dieser Seite gibt es keinen zweifelhaften Beitrag mehr</translation>
    </message>
    <message>
      <source>nobody talks over others on that side</source>
      <translation>auf dieser Seite spricht niemand zugleich mit anderen</translation>
    </message>
    <message>
      <source>select a turn first: click one, or press N for the next</source>
      <translation>erst einen Redebeitrag auswählen: einen anklicken, oder N für den nächsten drücken</translation>
    </message>
    <message>
      <source>several people speak here: click the turn that is meant</source>
      <translation>hier sprechen mehrere: den gemeinten Redebeitrag anklicken</translation>
    </message>
  </context>
  <context>
    <name>SpeakerEditing</name>
    <message>
      <source>there are no speakers yet</source>
      <translation>es gibt noch keine Sprecher</translation>
    </message>
    <message>
      <source>Colour of {}</source>
      <translation>Farbe von {}</translation>
    </message>
    <message>
      <source>there is no other speaker to merge with</source>
      <translation>es gibt keinen anderen Sprecher zum Verbinden</translation>
    </message>
    <message>
      <source>{} is the same person as</source>
      <translation>{} ist dieselbe Person wie</translation>
    </message>
    <message>
      <source>{} and {} sound like one person. They stay apart as you named them.</source>
      <translation>{} und {} klingen wie eine Person. Sie bleiben getrennt, wie Sie sie benannt haben.</translation>
    </message>
    <message>
      <source>Both are {}</source>
      <translation>Beide sind {}</translation>
    </message>
    <message>
      <source>Remove speaker</source>
      <translation>Sprecher entfernen</translation>
    </message>
  </context>
  <context>
    <name>Editing</name>
    <message>
      <source>put the playhead into a turn to split it: click where to cut</source>
      <translation>zum Teilen die Abspielmarke in einen Redebeitrag setzen: dorthin klicken</translation>
    </message>
    <message>
      <source>Split turn</source>
      <translation>Beitrag teilen</translation>
    </message>
    <message>
      <source>there is no other turn of this speaker on that side to merge with</source>
      <translation>auf dieser Seite gibt es keinen anderen Redebeitrag dieses Sprechers zum Verbinden</translation>
    </message>
    <message>
      <source>Merge turns</source>
      <translation>Beiträge verbinden</translation>
    </message>
    <message>
      <source>select the turns to delete first: click one, or press N</source>
      <translation>erst die Redebeiträge auswählen, die gelöscht werden sollen: einen anklicken oder N drücken</translation>
    </message>
    <message>
      <source>Delete turns</source>
      <translation>Beiträge löschen</translation>
    </message>
    <message>
      <source>there is no speaker {}: press 0 to add one</source>
      <translation>es gibt keinen Sprecher {}: 0 drücken, um einen dazuzunehmen</translation>
    </message>
    <message>
      <source>Change speaker</source>
      <translation>Sprecher ändern</translation>
    </message>
    <message>
      <source>select the time of the new turn first: drag, or set it with [ and ]</source>
      <translation>erst die Zeit des neuen Redebeitrags auswählen: ziehen, oder mit [ und ] setzen</translation>
    </message>
    <message>
      <source>New turn</source>
      <translation>Neuer Beitrag</translation>
    </message>
    <message>
      <source>the playhead is on the wrong side of the turn for that</source>
      <translation>dafür ist die Abspielmarke auf der falschen Seite des Redebeitrags</translation>
    </message>
    <message>
      <source>Move edge</source>
      <translation>Grenze verschieben</translation>
    </message>
    <message>
      <source>the turn can't be any shorter: Del deletes it</source>
      <translation>der Redebeitrag kann nicht kürzer sein: Entf löscht ihn</translation>
    </message>
  </context>
  <context>
    <name>Walk</name>
    <message>
      <source>Review</source>
      <translation>Durchsicht</translation>
    </message>
    <message>
      <source>Hear it again</source>
      <translation>Noch einmal hören</translation>
    </message>
    <message>
      <source>Right (Enter)</source>
      <translation>Stimmt (Eingabe)</translation>
    </message>
    <message>
      <source>Leave it (D)</source>
      <translation>So lassen (D)</translation>
    </message>
    <message>
      <source>Learn from this</source>
      <translation>Daraus lernen</translation>
    </message>
    <message>
      <source>A second pass over all voices heeds what you said; Ctrl+Z takes it back</source>
      <translation>Ein zweiter Durchgang über alle Stimmen beachtet, was Sie gesagt haben; Strg+Z nimmt es zurück</translation>
    </message>
    <message>
      <source>End</source>
      <translation>Ende</translation>
    </message>
    <message>
      <source>it is sure who speaks in every turn, or you have said so</source>
      <translation>bei jedem Beitrag ist sicher, wer spricht, oder Sie haben es gesagt</translation>
    </message>
    <message>
      <source>Confirm speaker</source>
      <translation>Sprecher bestätigen</translation>
    </message>
    <message>
      <source>All doubtful turns have been looked at.</source>
      <translation>Alle zweifelhaften Beiträge sind durchgesehen.</translation>
    </message>
    <message>
      <source>Is this {}? {}, {} sure. Enter if so, else the number of who it is. {} left.</source>
      <translation>Ist das {}? {}, {} sicher. Eingabe, wenn ja, sonst die Nummer dessen, der es ist. Noch {}.</translation>
    </message>
  </context>
  <context>
    <name>ExportDialog</name>
    <message>
      <source>Export</source>
      <translation>Exportieren</translation>
    </message>
    <message>
      <source>Formats</source>
      <translation>Formate</translation>
    </message>
    <message>
      <source>Tick several boxes to export several files at once</source>
      <translation>Mehrere ankreuzen, um mehrere Dateien auf einmal zu exportieren</translation>
    </message>
    <message>
      <source>Preview</source>
      <translation>Vorschau</translation>
    </message>
    <message>
      <source>&amp;Browse…</source>
      <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
      <source>&amp;Export</source>
      <translation>&amp;Exportieren</translation>
    </message>
    <message>
      <source>&amp;Files</source>
      <translation>&amp;Dateien</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>&amp;Datei</translation>
    </message>
    <message>
      <source>Files</source>
      <translation>Dateien</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>The preview comes in a moment…</source>
      <translation>Die Vorschau kommt gleich …</translation>
    </message>
    <message>
      <source>{} files: {}</source>
      <translation>{} Dateien: {}</translation>
    </message>
    <message>
      <source>What is said at once stands one after the other, by when it begins.</source>
      <translation>Was gleichzeitig gesagt wird, steht nacheinander, in der Reihenfolge des Beginns.</translation>
    </message>
    <message>
      <source>Export to</source>
      <translation>Exportieren nach</translation>
    </message>
    <message>
      <source>Tick at least one format</source>
      <translation>Mindestens ein Format ankreuzen</translation>
    </message>
    <message>
      <source>Choose a file to write</source>
      <translation>Eine Datei zum Schreiben wählen</translation>
    </message>
    <message>
      <source>Nobody speaks in what is chosen</source>
      <translation>In dem, was gewählt ist, spricht niemand</translation>
    </message>
    <message>
      <source>There is no folder {}</source>
      <translation>Es gibt keinen Ordner {}</translation>
    </message>
    <message>
      <source>{} is the recording itself: choose another name</source>
      <translation>{} ist die Aufnahme selbst: einen anderen Namen wählen</translation>
    </message>
    <message>
      <source>Replace?</source>
      <translation>Ersetzen?</translation>
    </message>
    <message>
      <source>Already there: {}</source>
      <translation>Schon vorhanden: {}</translation>
    </message>
    <message>
      <source>&amp;Replace</source>
      <translation>E&amp;rsetzen</translation>
    </message>
  </context>
  <context>
    <name>Exporting</name>
    <message>
      <source>Exporting…</source>
      <translation>Wird exportiert…</translation>
    </message>
    <message>
      <source>Exporting… {} %</source>
      <translation>Wird exportiert… {} %</translation>
    </message>
    <message>
      <source>{} and {} more</source>
      <translation>{} und {} weitere</translation>
    </message>
    <message>
      <source>Exported {} to {}</source>
      <translation>{} nach {} exportiert</translation>
    </message>
    <message>
      <source>Show in folder</source>
      <translation>Im Ordner zeigen</translation>
    </message>
    <message>
      <source>The files are in {}</source>
      <translation>Die Dateien sind in {}</translation>
    </message>
  </context>
  <context>
    <name>formats</name>
    <message>
      <source>Read</source>
      <translation>Lesen</translation>
    </message>
    <message>
      <source>Spreadsheet</source>
      <translation>Tabelle</translation>
    </message>
    <message>
      <source>Subtitles</source>
      <translation>Untertitel</translation>
    </message>
    <message>
      <source>Editors</source>
      <translation>Schnitt</translation>
    </message>
    <message>
      <source>Research</source>
      <translation>Forschung</translation>
    </message>
    <message>
      <source>Picture</source>
      <translation>Bild</translation>
    </message>
    <message>
      <source>Sound</source>
      <translation>Ton</translation>
    </message>
    <message>
      <source>RTTM, for scoring tools</source>
      <translation>RTTM, zum Auswerten</translation>
    </message>
    <message>
      <source>UEM: which part was annotated</source>
      <translation>UEM: welcher Teil annotiert ist</translation>
    </message>
    <message>
      <source>LAB, start and end and speaker</source>
      <translation>LAB, Anfang und Ende und Sprecher</translation>
    </message>
    <message>
      <source>Table (CSV), for spreadsheets</source>
      <translation>Tabelle (CSV), für Tabellenprogramme</translation>
    </message>
    <message>
      <source>Table divided by tabs (TSV)</source>
      <translation>Tabelle mit Tabulatoren (TSV)</translation>
    </message>
    <message>
      <source>Label track of Audacity</source>
      <translation>Textspur von Audacity</translation>
    </message>
    <message>
      <source>TextGrid of Praat</source>
      <translation>TextGrid von Praat</translation>
    </message>
    <message>
      <source>Annotation of ELAN</source>
      <translation>Annotation von ELAN</translation>
    </message>
    <message>
      <source>Subtitles (SRT)</source>
      <translation>Untertitel (SRT)</translation>
    </message>
    <message>
      <source>Subtitles of the web (WebVTT)</source>
      <translation>Untertitel fürs Web (WebVTT)</translation>
    </message>
    <message>
      <source>JSON with everything, for programs</source>
      <translation>JSON mit allem, für Programme</translation>
    </message>
    <message>
      <source>SegLST, for meeteval</source>
      <translation>SegLST, für meeteval</translation>
    </message>
    <message>
      <source>Listing by speaker, numbered from 0</source>
      <translation>Liste nach Sprechern, ab 0 gezählt</translation>
    </message>
    <message>
      <source>Transcript, to read</source>
      <translation>Transkript zum Lesen</translation>
    </message>
    <message>
      <source>Transcript for Word (DOCX)</source>
      <translation>Transkript für Word (DOCX)</translation>
    </message>
    <message>
      <source>Transcript with Name: (MAXQDA, f4)</source>
      <translation>Transkript mit Name: (MAXQDA, f4)</translation>
    </message>
    <message>
      <source>Transcript with #Name: (MAXQDA)</source>
      <translation>Transkript mit #Name: (MAXQDA)</translation>
    </message>
    <message>
      <source>Words with their times (CTM), for scoring</source>
      <translation>Wörter mit ihren Zeiten (CTM), zum Auswerten</translation>
    </message>
    <message>
      <source>Edit decision list (EDL, CMX 3600)</source>
      <translation>Schnittliste (EDL, CMX 3600)</translation>
    </message>
    <message>
      <source>Final Cut Pro and Resolve (FCPXML)</source>
      <translation>Final Cut Pro und Resolve (FCPXML)</translation>
    </message>
    <message>
      <source>Sequence with markers for Premiere (XML)</source>
      <translation>Sequenz mit Marken für Premiere (XML)</translation>
    </message>
    <message>
      <source>List of markers as Premiere's (CSV)</source>
      <translation>Liste von Marken wie die von Premiere (CSV)</translation>
    </message>
    <message>
      <source>Regions of Reaper (CSV)</source>
      <translation>Regionen von Reaper (CSV)</translation>
    </message>
    <message>
      <source>Markers of Adobe Audition (CSV)</source>
      <translation>Marken von Adobe Audition (CSV)</translation>
    </message>
    <message>
      <source>Chapters for YouTube</source>
      <translation>Kapitel für YouTube</translation>
    </message>
    <message>
      <source>Summary (Markdown)</source>
      <translation>Zusammenfassung (Markdown)</translation>
    </message>
    <message>
      <source>Summary as a web page</source>
      <translation>Zusammenfassung als Webseite</translation>
    </message>
    <message>
      <source>Picture of the lanes (PNG)</source>
      <translation>Bild der Spuren (PNG)</translation>
    </message>
    <message>
      <source>Picture of the lanes (SVG)</source>
      <translation>Bild der Spuren (SVG)</translation>
    </message>
    <message>
      <source>Label tracks of Audacity, one per speaker</source>
      <translation>Textspuren von Audacity, eine je Sprecher</translation>
    </message>
    <message>
      <source>Sound: a WAV file per speaker</source>
      <translation>Ton: eine WAV-Datei je Sprecher</translation>
    </message>
    <message>
      <source>Sound: a FLAC file per speaker</source>
      <translation>Ton: eine FLAC-Datei je Sprecher</translation>
    </message>
    <message>
      <source>Report with sound: a web page that plays every turn</source>
      <translation>Bericht mit Ton: eine Webseite, die jeden Beitrag abspielt</translation>
    </message>
  </context>
  <context>
    <name>ExportOptions</name>
    <message>
      <source>&amp;Only the part</source>
      <translation>&amp;Nur den Teil</translation>
    </message>
    <message>
      <source>From</source>
      <translation>Von</translation>
    </message>
    <message>
      <source>To</source>
      <translation>Bis</translation>
    </message>
    <message>
      <source>Speakers</source>
      <translation>Sprecher</translation>
    </message>
    <message>
      <source>Merge turns closer than</source>
      <translation>Beiträge verbinden, die näher sind als</translation>
    </message>
    <message>
      <source>Leave out turns shorter than</source>
      <translation>Beiträge weglassen, die kürzer sind als</translation>
    </message>
    <message>
      <source>&amp;Numbers in place of names</source>
      <translation>N&amp;ummern statt Namen</translation>
    </message>
    <message>
      <source>&amp;What is said</source>
      <translation>&amp;Was gesagt wird</translation>
    </message>
    <message>
      <source>that of the film, or 00:00:00:00</source>
      <translation>der des Films, oder 00:00:00:00</translation>
    </message>
    <message>
      <source> letters a second</source>
      <translation> Zeichen je Sekunde</translation>
    </message>
    <message>
      <source>Only the speech, without the &amp;silence between</source>
      <translation>Nur die Rede, ohne die &amp;Stille dazwischen</translation>
    </message>
    <message>
      <source>&amp;Without what two or more say at once</source>
      <translation>&amp;Ohne das, was zwei oder mehr zugleich sagen</translation>
    </message>
    <message>
      <source>Frames a second</source>
      <translation>Bilder je Sekunde</translation>
    </message>
    <message>
      <source>Timecode at the beginning</source>
      <translation>Timecode am Anfang</translation>
    </message>
    <message>
      <source>Signs in a line</source>
      <translation>Zeichen je Zeile</translation>
    </message>
    <message>
      <source>Lines of a caption</source>
      <translation>Zeilen je Untertitel</translation>
    </message>
    <message>
      <source>Reading speed</source>
      <translation>Lesetempo</translation>
    </message>
    <message>
      <source>Times are seconds, or minutes:seconds, or h:m:s</source>
      <translation>Zeiten sind Sekunden, Minuten:Sekunden oder h:m:s</translation>
    </message>
    <message>
      <source>The part must end after it begins, within the recording</source>
      <translation>Der Teil muss nach seinem Anfang enden, innerhalb der Aufnahme</translation>
    </message>
    <message>
      <source>{} is no timecode at {} frames a second</source>
      <translation>{} ist bei {} Bildern je Sekunde kein Timecode</translation>
    </message>
    <message>
      <source>A timecode is hours, minutes, seconds and frames, as in 01:00:00:00</source>
      <translation>Ein Timecode besteht aus Stunden, Minuten, Sekunden und Bildern, wie in 01:00:00:00</translation>
    </message>
    <message>
      <source>That of the film, or 25</source>
      <translation>Die des Films, oder 25</translation>
    </message>
    <message>
      <source>{} drop frame</source>
      <translation>{} Drop-Frame</translation>
    </message>
    <message>
      <source> s</source>
      <translation> s</translation>
    </message>
  </context>
  <context>
    <name>Folder</name>
    <message>
      <source>The report is in {}</source>
      <translation>Der Bericht liegt in {}</translation>
    </message>
    <message>
      <source>Stopping…</source>
      <translation>Wird abgebrochen…</translation>
    </message>
    <message>
      <source>Looking for recordings…</source>
      <translation>Aufnahmen werden gesucht…</translation>
    </message>
    <message>
      <source>Starting…</source>
      <translation>Wird gestartet…</translation>
    </message>
    <message>
      <source>Linking voices…</source>
      <translation>Stimmen werden zugeordnet…</translation>
    </message>
    <message>
      <source>Several recordings</source>
      <translation>Mehrere Aufnahmen</translation>
    </message>
    <message>
      <source>{}: {} of {} done</source>
      <translation>{}: {} von {} fertig</translation>
    </message>
    <message>
      <source>, {} failed</source>
      <translation>, {} fehlgeschlagen</translation>
    </message>
    <message>
      <source>Open the folder of recordings to look for this voice in</source>
      <translation>Den Ordner mit Aufnahmen öffnen, in dem diese Stimme gesucht werden soll</translation>
    </message>
    <message>
      <source>Open folder…</source>
      <translation>Ordner öffnen…</translation>
    </message>
  </context>
  <context>
    <name>RecordingsModel</name>
    <message>
      <source>Recording</source>
      <translation>Aufnahme</translation>
    </message>
    <message>
      <source>Length</source>
      <translation>Länge</translation>
    </message>
    <message>
      <source>Speakers</source>
      <translation>Sprecher</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Stand</translation>
    </message>
    <message>
      <source>Working, {} %</source>
      <translation>In Arbeit, {} %</translation>
    </message>
    <message>
      <source>Failed: {}</source>
      <translation>Fehlgeschlagen: {}</translation>
    </message>
    <message>
      <source>Waiting</source>
      <translation>Wartet</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <source>Unchanged</source>
      <translation>Unverändert</translation>
    </message>
  </context>
  <context>
    <name>VoiceModel</name>
    <message>
      <source>Recording</source>
      <translation>Aufnahme</translation>
    </message>
    <message>
      <source>Speaker there</source>
      <translation>Sprecher dort</translation>
    </message>
    <message>
      <source>Talk time</source>
      <translation>Redezeit</translation>
    </message>
    <message>
      <source>Turns</source>
      <translation>Beiträge</translation>
    </message>
  </context>
  <context>
    <name>FolderPanel</name>
    <message>
      <source>State of the folder</source>
      <translation>Stand des Ordners</translation>
    </message>
    <message>
      <source>Progress over all recordings</source>
      <translation>Fortschritt über alle Aufnahmen</translation>
    </message>
    <message>
      <source>Results in…</source>
      <translation>Ergebnisse in…</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Bericht</translation>
    </message>
    <message>
      <source>Show a page with all recordings, voices and talk times</source>
      <translation>Eine Seite mit allen Aufnahmen, Stimmen und Redezeiten zeigen</translation>
    </message>
    <message>
      <source>Recordings of the folder</source>
      <translation>Aufnahmen des Ordners</translation>
    </message>
    <message>
      <source>Where this voice speaks elsewhere</source>
      <translation>Wo diese Stimme sonst spricht</translation>
    </message>
    <message>
      <source>All recordings</source>
      <translation>Alle Aufnahmen</translation>
    </message>
    <message>
      <source>Back to the list of all recordings (Esc)</source>
      <translation>Zurück zur Liste aller Aufnahmen (Esc)</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Stopp</translation>
    </message>
    <message>
      <source>Stop the work; what is done is kept</source>
      <translation>Die Arbeit beenden; was fertig ist, bleibt</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>Go on with the recordings that are not done yet</source>
      <translation>Mit den Aufnahmen weitermachen, die noch nicht fertig sind</translation>
    </message>
    <message>
      <source>Look again</source>
      <translation>Neu suchen</translation>
    </message>
    <message>
      <source>Look for recordings that are new or have changed</source>
      <translation>Aufnahmen suchen, die neu sind oder sich geändert haben</translation>
    </message>
    <message>
      <source>Results go to {}; choose another folder for them</source>
      <translation>Die Ergebnisse kommen nach {}; einen anderen Ordner dafür wählen</translation>
    </message>
    <message>
      <source>{} of {} speaks in 1 other recording, {}</source>
      <translation>{} aus {} spricht in 1 anderen Aufnahme, {}</translation>
    </message>
    <message>
      <source>{} of {} speaks in {} other recordings, {} in all</source>
      <translation>{} aus {} spricht in {} anderen Aufnahmen, insgesamt {}</translation>
    </message>
    <message>
      <source>{} of {} speaks in no other recording</source>
      <translation>{} aus {} spricht in keiner anderen Aufnahme</translation>
    </message>
    <message>
      <source>; without results, so not searched: {}</source>
      <translation>; ohne Ergebnis und daher nicht durchsucht: {}</translation>
    </message>
  </context>
  <context>
    <name>about</name>
    <message>
      <source>About Voicelanes</source>
      <translation>Über Voicelanes</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Works of others</source>
      <translation>Werke anderer</translation>
    </message>
    <message>
      <source>Licences</source>
      <translation>Lizenzen</translation>
    </message>
    <message>
      <source>This is Voicelanes {}.</source>
      <translation>Dies ist Voicelanes {}.</translation>
    </message>
    <message>
      <source>Voicelanes never looks for new versions itself, and this one doesn't know a page that has them: ask where you got it.</source>
      <translation>Voicelanes sucht nie selbst nach neuen Versionen, und diese kennt keine Seite, die sie hat: Fragen Sie dort, woher Sie sie haben.</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Voicelanes never looks for new versions itself. Your browser can show the page that has them: {}</source>
      <translation>Voicelanes sucht nie selbst nach neuen Versionen. Ihr Browser kann die Seite zeigen, die sie hat: {}</translation>
    </message>
    <message>
      <source>Open in the browser</source>
      <translation>Im Browser öffnen</translation>
    </message>
    <message>
      <source>&lt;b&gt;Voicelanes {}&lt;/b&gt;&lt;br&gt;shows who speaks when</source>
      <translation>&lt;b&gt;Voicelanes {}&lt;/b&gt;&lt;br&gt;zeigt, wer wann spricht</translation>
    </message>
    <message>
      <source>Everything runs on this computer: no account and no network.&lt;br&gt;Free software under the GNU General Public License, version 3 or later.</source>
      <translation>Alles läuft auf diesem Computer: ohne Konto und ohne Netz.&lt;br&gt;Freie Software unter der GNU General Public License, Version 3 oder später.</translation>
    </message>
    <message>
      <source>Licence:</source>
      <translation>Lizenz:</translation>
    </message>
    <message>
      <source>Source:</source>
      <translation>Herkunft:</translation>
    </message>
    <message>
      <source>Trained on:</source>
      <translation>Trainiert mit:</translation>
    </message>
  </context>
  <context>
    <name>Guide</name>
    <message>
      <source>User guide</source>
      <translation>Handbuch</translation>
    </message>
    <message>
      <source>Find in the guide</source>
      <translation>Im Handbuch suchen</translation>
    </message>
    <message>
      <source>Chapters</source>
      <translation>Kapitel</translation>
    </message>
    <message>
      <source>Chapter</source>
      <translation>Kapitel</translation>
    </message>
  </context>
  <context>
    <name>HelpSheet</name>
    <message>
      <source>Keyboard and mouse</source>
      <translation>Tastatur und Maus</translation>
    </message>
    <message>
      <source>Shortcuts</source>
      <translation>Tastenkürzel</translation>
    </message>
    <message>
      <source>Find what to do, or a key</source>
      <translation>Suchen, was man tun will, oder eine Taste</translation>
    </message>
    <message>
      <source>Mouse on the timeline</source>
      <translation>Maus auf der Zeitleiste</translation>
    </message>
  </context>
  <context>
    <name>Help</name>
    <message>
      <source>The log is in {}</source>
      <translation>Das Protokoll liegt in {}</translation>
    </message>
  </context>
  <context>
    <name>Tour</name>
    <message>
      <source>Each lane is a speaker, each block a turn; above it the sound, in the colours of whoever speaks. Click to go somewhere, Space plays, the wheel scrolls, Ctrl+wheel zooms.</source>
      <translation>Jede Spur ist ein Sprecher, jeder Block ein Beitrag; darüber der Ton in den Farben dessen, der spricht. Klicken führt dorthin, die Leertaste spielt ab, das Rad rollt, Strg+Rad zoomt.</translation>
    </message>
    <message>
      <source>Double-click a name to type who it is. Drag a name onto another one if both are the same person; M and S beside it mute a voice, or play it alone.</source>
      <translation>Doppelklick auf einen Namen, um zu schreiben, wer es ist. Einen Namen auf einen anderen ziehen, wenn beide dieselbe Person sind; M und S daneben schalten eine Stimme stumm oder spielen sie allein.</translation>
    </message>
    <message>
      <source>A turn of the wrong speaker? Click it and press the number of the right lane: 1, 2, 3 … and 0 for somebody new. Ctrl+Z takes anything back.</source>
      <translation>Ein Beitrag beim falschen Sprecher? Anklicken und die Nummer der richtigen Spur drücken: 1, 2, 3 … und 0 für jemand Neuen. Strg+Z nimmt alles zurück.</translation>
    </message>
    <message>
      <source>More or fewer speakers than were found? Say how many here, and see at once what would change. D goes to the next turn that is worth a look.</source>
      <translation>Mehr oder weniger Sprecher als gefunden? Hier sagen, wie viele, und sofort sehen, was sich ändern würde. D geht zum nächsten Beitrag, der einen Blick wert ist.</translation>
    </message>
    <message>
      <source>Who speaks how much, all turns as a table, what is said, markers, and how alike the voices are: each in a tab. Ctrl+F finds.</source>
      <translation>Wer wie viel spricht, alle Beiträge als Tabelle, was gesagt wird, Marken und wie ähnlich die Stimmen sind: jedes auf einer Karte. Strg+F sucht.</translation>
    </message>
    <message>
      <source>Ctrl+S keeps all of it beside the recording; Ctrl+Shift+E writes it for other programs, or as a page that plays every turn. Ctrl+R records a meeting of your own.</source>
      <translation>Strg+S hebt alles neben der Aufnahme auf; Strg+Umschalt+E schreibt es für andere Programme oder als Seite, die jeden Beitrag abspielt. Strg+R nimmt eine eigene Besprechung auf.</translation>
    </message>
  </context>
  <context>
    <name>Balloon</name>
    <message>
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>Skip the tour</source>
      <translation>Rundgang überspringen</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Fertig</translation>
    </message>
  </context>
  <context>
    <name>PastMeetings</name>
    <message>
      <source>Search by speaker or file</source>
      <translation>Nach Sprecher oder Datei suchen</translation>
    </message>
    <message>
      <source>Search meetings by speaker or file</source>
      <translation>Besprechungen nach Sprecher oder Datei suchen</translation>
    </message>
    <message>
      <source>No meeting has that in its name or among its speakers</source>
      <translation>Keine Besprechung hat das im Namen oder unter ihren Sprechern</translation>
    </message>
    <message>
      <source>Meetings</source>
      <translation>Besprechungen</translation>
    </message>
    <message>
      <source>&amp;Meetings</source>
      <translation>&amp;Besprechungen</translation>
    </message>
    <message>
      <source>Folder {}</source>
      <translation>Ordner {}</translation>
    </message>
    <message>
      <source>&amp;Open</source>
      <translation>&amp;Öffnen</translation>
    </message>
    <message>
      <source>&amp;Show in folder</source>
      <translation>Im Ordner &amp;zeigen</translation>
    </message>
  </context>
  <context>
    <name>MeetingsModel</name>
    <message>
      <source>This file can't be read</source>
      <translation>Diese Datei ist nicht lesbar</translation>
    </message>
    <message>
      <source>Not saved yet</source>
      <translation>Noch nicht gespeichert</translation>
    </message>
    <message>
      <source>Nobody speaks</source>
      <translation>Niemand spricht</translation>
    </message>
    <message>
      <source>Sound not found: {}</source>
      <translation>Ton nicht gefunden: {}</translation>
    </message>
    <message>
      <source>Today</source>
      <translation>Heute</translation>
    </message>
    <message>
      <source>Yesterday</source>
      <translation>Gestern</translation>
    </message>
  </context>
  <context>
    <name>ChannelsOfPeople</name>
    <message>
      <source>Mix the channels</source>
      <translation>Kanäle mischen</translation>
    </message>
  </context>
  <context>
    <name>Ghosts</name>
    <message>
      <source>no speaker says so little that it may be nobody</source>
      <translation>kein Sprecher sagt so wenig, dass er vielleicht niemand ist</translation>
    </message>
    <message>
      <source>{}: {} s in all, sounds most like {}.</source>
      <translation>{}: insgesamt {} s, klingt am ehesten wie {}.</translation>
    </message>
    <message>
      <source>{}: {} s in all, too little to compare; {} talks most.</source>
      <translation>{}: insgesamt {} s, zu wenig zum Vergleichen; {} spricht am meisten.</translation>
    </message>
    <message>
      <source>{} more like this.</source>
      <translation>Noch {} von der Art.</translation>
    </message>
    <message>
      <source>Hear</source>
      <translation>Anhören</translation>
    </message>
    <message>
      <source>Fold into {}</source>
      <translation>Mit {} zusammenlegen</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>Behalten</translation>
    </message>
    <message>
      <source>Fold speaker</source>
      <translation>Sprecher zusammenlegen</translation>
    </message>
    <message>
      <source>Keep speaker</source>
      <translation>Sprecher behalten</translation>
    </message>
  </context>
  <context>
    <name>Listening</name>
    <message>
      <source>Stopping…</source>
      <translation>Wird abgebrochen…</translation>
    </message>
    <message>
      <source>Reading the sound…</source>
      <translation>Der Ton wird gelesen…</translation>
    </message>
    <message>
      <source>Loading the models…</source>
      <translation>Die Modelle werden geladen…</translation>
    </message>
    <message>
      <source>Comparing the voices…</source>
      <translation>Die Stimmen werden verglichen…</translation>
    </message>
    <message>
      <source>Analysing</source>
      <translation>Analyse läuft</translation>
    </message>
    <message>
      <source>Analysing {} %</source>
      <translation>Analyse {} %</translation>
    </message>
    <message>
      <source>Ready</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <source>No speech found</source>
      <translation>Keine Rede gefunden</translation>
    </message>
    <message>
      <source>Choose track…</source>
      <translation>Tonspur wählen…</translation>
    </message>
    <message>
      <source>Incomplete</source>
      <translation>Unvollständig</translation>
    </message>
    <message>
      <source>Stopped</source>
      <translation>Abgebrochen</translation>
    </message>
  </context>
  <context>
    <name>SpeakerCountPanel</name>
    <message>
      <source>Number of speakers</source>
      <translation>Zahl der Sprecher</translation>
    </message>
    <message>
      <source>automatic</source>
      <translation>automatisch</translation>
    </message>
    <message>
      <source>Fewer or more speakers</source>
      <translation>Weniger oder mehr Sprecher</translation>
    </message>
    <message>
      <source>Speakers:</source>
      <translation>Sprecher:</translation>
    </message>
    <message>
      <source>fewer</source>
      <translation>weniger</translation>
    </message>
    <message>
      <source>more</source>
      <translation>mehr</translation>
    </message>
    <message>
      <source>Possible once all voices are known: analyse the recording again (F5)</source>
      <translation>Möglich, sobald alle Stimmen bekannt sind: die Aufnahme erneut analysieren (F5)</translation>
    </message>
    <message>
      <source>No more speakers than this are told apart, from now on</source>
      <translation>Von jetzt an werden nicht mehr Sprecher als so viele unterschieden</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Voicelanes ended unexpectedly the last time. Your recordings are untouched; copy the details into a report.</source>
      <translation>Voicelanes wurde das letzte Mal unerwartet beendet. Ihre Aufnahmen sind unversehrt; kopieren Sie die Einzelheiten in einen Bericht.</translation>
    </message>
    <message>
      <source>Open log folder</source>
      <translation>Protokollordner öffnen</translation>
    </message>
    <message>
      <source>Some settings could not be read and are as at first: {}</source>
      <translation>Einige Einstellungen waren nicht lesbar und sind wie am Anfang: {}</translation>
    </message>
    <message>
      <source>Playing is possible after Stop: the microphone would hear it</source>
      <translation>Abspielen geht nach dem Beenden: das Mikrofon würde es hören</translation>
    </message>
  </context>
  <context>
    <name>Meetings</name>
    <message>
      <source>Opened the meeting {} of this recording</source>
      <translation>Die Besprechung {} dieser Aufnahme ist geöffnet</translation>
    </message>
    <message>
      <source>{} was analysed before: that is shown</source>
      <translation>{} wurde schon analysiert: das wird gezeigt</translation>
    </message>
    <message>
      <source>Analyse again</source>
      <translation>Erneut analysieren</translation>
    </message>
    <message>
      <source>{} is open in another window, too (computer and process: {}). What is saved there isn't shown here; saving asks before it replaces that.</source>
      <translation>{} ist auch in einem anderen Fenster offen (Rechner und Prozess: {}). Was dort gespeichert wird, ist hier nicht zu sehen; beim Speichern wird gefragt, bevor es ersetzt wird.</translation>
    </message>
    <message>
      <source>{} has changed since the meeting was saved: the turns may not fit</source>
      <translation>{} hat sich geändert, seit die Besprechung gespeichert wurde: die Redebeiträge passen vielleicht nicht</translation>
    </message>
    <message>
      <source>Import turns</source>
      <translation>Redebeiträge importieren</translation>
    </message>
  </context>
  <context>
    <name>questions</name>
    <message>
      <source>Save the changes to {}?</source>
      <translation>Änderungen an {} speichern?</translation>
    </message>
    <message>
      <source>Otherwise they are lost. The recording itself is never changed.</source>
      <translation>Sonst gehen sie verloren. Die Aufnahme selbst wird nie verändert.</translation>
    </message>
    <message>
      <source>&amp;Save</source>
      <translation>&amp;Speichern</translation>
    </message>
    <message>
      <source>&amp;Discard</source>
      <translation>&amp;Verwerfen</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>There are unsaved changes to {}.</source>
      <translation>Es gibt ungespeicherte Änderungen an {}.</translation>
    </message>
    <message>
      <source>They are of {} and were never saved.</source>
      <translation>Sie sind von {} und wurden nie gespeichert.</translation>
    </message>
    <message>
      <source>&amp;Recover</source>
      <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
      <source>&amp;Skip (keeps them)</source>
      <translation>&amp;Überspringen (bleiben erhalten)</translation>
    </message>
    <message>
      <source>Open the &amp;backup</source>
      <translation>&amp;Sicherung öffnen</translation>
    </message>
    <message>
      <source>&amp;Analyse again</source>
      <translation>Erneut &amp;analysieren</translation>
    </message>
    <message>
      <source>The file is left as it is.</source>
      <translation>Die Datei bleibt, wie sie ist.</translation>
    </message>
    <message>
      <source>&amp;Choose the recording…</source>
      <translation>Die Aufnahme &amp;wählen…</translation>
    </message>
    <message>
      <source>{} is not the recording of this meeting.</source>
      <translation>{} ist nicht die Aufnahme dieser Besprechung.</translation>
    </message>
    <message>
      <source>It has another size or other sound, so the turns may not fit.</source>
      <translation>Sie hat eine andere Größe oder anderen Ton; die Redebeiträge passen vielleicht nicht.</translation>
    </message>
    <message>
      <source>&amp;Use it all the same</source>
      <translation>&amp;Trotzdem verwenden</translation>
    </message>
    <message>
      <source>The recording {} is not there any more.</source>
      <translation>Die Aufnahme {} ist nicht mehr da.</translation>
    </message>
    <message>
      <source>It was {}. Where is it now?</source>
      <translation>Sie war {}. Wo ist sie jetzt?</translation>
    </message>
    <message>
      <source>Which recording are these turns of?</source>
      <translation>Zu welcher Aufnahme gehören diese Redebeiträge?</translation>
    </message>
    <message>
      <source>{} holds turns and no sound.</source>
      <translation>{} enthält Redebeiträge und keinen Ton.</translation>
    </message>
    <message>
      <source>Turns after the end of the recording, which are left out: {}</source>
      <translation>Redebeiträge nach dem Ende der Aufnahme, die wegfallen: {}</translation>
    </message>
    <message>
      <source>Turns that reach beyond the end of the recording and are cut there: {}</source>
      <translation>Redebeiträge, die über das Ende der Aufnahme reichen und dort gekürzt werden: {}</translation>
    </message>
    <message>
      <source>{} leaves no turns on this recording. Import it all the same?</source>
      <translation>Von {} bleibt auf dieser Aufnahme kein Redebeitrag. Trotzdem importieren?</translation>
    </message>
    <message>
      <source>The turns that are there now would be gone.</source>
      <translation>Die jetzigen Redebeiträge wären weg.</translation>
    </message>
    <message>
      <source>Not all of {} fits. Import the rest?</source>
      <translation>Nicht alles aus {} passt. Den Rest importieren?</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importieren</translation>
    </message>
    <message>
      <source>{} was saved by another window or program meanwhile.</source>
      <translation>{} wurde inzwischen von einem anderen Fenster oder Programm gespeichert.</translation>
    </message>
    <message>
      <source>Replacing it keeps what was saved there as the backup (.bak).</source>
      <translation>Beim Ersetzen bleibt das dort Gespeicherte als Sicherung (.bak).</translation>
    </message>
    <message>
      <source>Save under another &amp;name…</source>
      <translation>Unter anderem &amp;Namen speichern…</translation>
    </message>
    <message>
      <source>&amp;Replace</source>
      <translation>E&amp;rsetzen</translation>
    </message>
  </context>
  <context>
    <name>Saving</name>
    <message>
      <source>{} exists: choose another name</source>
      <translation>{} gibt es schon: einen anderen Namen wählen</translation>
    </message>
  </context>
  <context>
    <name>MarkersModel</name>
    <message>
      <source>Time</source>
      <translation>Zeit</translation>
    </message>
    <message>
      <source>Text</source>
      <translation>Text</translation>
    </message>
  </context>
  <context>
    <name>MarkersPanel</name>
    <message>
      <source>No markers yet. Ctrl+M puts one at the playhead.</source>
      <translation>Noch keine Marken. Strg+M setzt eine an der Abspielmarke.</translation>
    </message>
    <message>
      <source>Markers</source>
      <translation>Marken</translation>
    </message>
  </context>
  <context>
    <name>Chart</name>
    <message>
      <source>Chart</source>
      <translation>Diagramm</translation>
    </message>
    <message>
      <source>Chart: {}</source>
      <translation>Diagramm: {}</translation>
    </message>
  </context>
  <context>
    <name>SpeakersModel</name>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Talk time</source>
      <translation>Redezeit</translation>
    </message>
    <message>
      <source>Share of the talk time</source>
      <translation>Anteil an der Redezeit</translation>
    </message>
    <message>
      <source>Turns</source>
      <translation>Beiträge</translation>
    </message>
    <message>
      <source>Longest turn</source>
      <translation>Längster Beitrag</translation>
    </message>
    <message>
      <source>Interruptions of others</source>
      <translation>Unterbrechungen anderer</translation>
    </message>
    <message>
      <source>Overlap with others</source>
      <translation>Überlappung mit anderen</translation>
    </message>
    <message>
      <source>Back-channels inside others' turns</source>
      <translation>Rückmeldungen in Beiträgen anderer</translation>
    </message>
    <message>
      <source>Talk</source>
      <translation>Zeit</translation>
    </message>
    <message>
      <source>Share</source>
      <translation>Anteil</translation>
    </message>
    <message>
      <source>Longest</source>
      <translation>Längster</translation>
    </message>
    <message>
      <source>Interruptions</source>
      <translation>Unterbrechungen</translation>
    </message>
    <message>
      <source>Overlap</source>
      <translation>Überl.</translation>
    </message>
    <message>
      <source>Back-channels</source>
      <translation>Rückmeldungen</translation>
    </message>
    <message>
      <source>{} %</source>
      <translation>{} %</translation>
    </message>
  </context>
  <context>
    <name>SpeakersPanel</name>
    <message>
      <source>New speaker</source>
      <translation>Neuer Sprecher</translation>
    </message>
    <message>
      <source>Add a speaker without turns</source>
      <translation>Einen Sprecher ohne Redebeiträge dazunehmen</translation>
    </message>
    <message>
      <source>Colour…</source>
      <translation>Farbe…</translation>
    </message>
    <message>
      <source>Choose another colour</source>
      <translation>Eine andere Farbe wählen</translation>
    </message>
    <message>
      <source>Merge</source>
      <translation>Verbinden</translation>
    </message>
    <message>
      <source>Give all turns of the selected speakers to the first of them</source>
      <translation>Alle Redebeiträge der ausgewählten Sprecher dem ersten von ihnen geben</translation>
    </message>
    <message>
      <source>Move up</source>
      <translation>Nach oben</translation>
    </message>
    <message>
      <source>Move the lane up (Alt+Up)</source>
      <translation>Die Spur nach oben verschieben (Alt+Auf)</translation>
    </message>
    <message>
      <source>Move down</source>
      <translation>Nach unten</translation>
    </message>
    <message>
      <source>Move the lane down (Alt+Down)</source>
      <translation>Die Spur nach unten verschieben (Alt+Ab)</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>Remove a speaker who has no turns (Del)</source>
      <translation>Einen Sprecher ohne Redebeiträge entfernen (Entf)</translation>
    </message>
    <message>
      <source>Remember</source>
      <translation>Merken</translation>
    </message>
    <message>
      <source>Recognise this voice in later meetings</source>
      <translation>Diese Stimme in späteren Besprechungen erkennen</translation>
    </message>
    <message>
      <source>Sample</source>
      <translation>Probe</translation>
    </message>
    <message>
      <source>Play some seconds of this voice</source>
      <translation>Einige Sekunden dieser Stimme abspielen</translation>
    </message>
    <message>
      <source>Mute</source>
      <translation>Stumm</translation>
    </message>
    <message>
      <source>Leave this voice out, or hear it again</source>
      <translation>Diese Stimme weglassen, oder wieder hören</translation>
    </message>
    <message>
      <source>Only this</source>
      <translation>Nur diese</translation>
    </message>
    <message>
      <source>Play only this voice, or all again</source>
      <translation>Nur diese Stimme abspielen, oder wieder alle</translation>
    </message>
    <message>
      <source>What the chart shows</source>
      <translation>Was das Diagramm zeigt</translation>
    </message>
    <message>
      <source>Speakers</source>
      <translation>Sprecher</translation>
    </message>
    <message>
      <source>Chart</source>
      <translation>Diagramm</translation>
    </message>
    <message>
      <source>Colour of {}</source>
      <translation>Farbe von {}</translation>
    </message>
    <message>
      <source>Remove speaker</source>
      <translation>Sprecher entfernen</translation>
    </message>
  </context>
  <context>
    <name>TurnsModel</name>
    <message>
      <source>nobody else speaks</source>
      <translation>sonst spricht niemand</translation>
    </message>
    <message>
      <source>overlaps {} for {}</source>
      <translation>überlappt {} für {}</translation>
    </message>
    <message>
      <source>edited</source>
      <translation>bearbeitet</translation>
    </message>
    <message>
      <source>settled</source>
      <translation>fest</translation>
    </message>
    <message>
      <source>open</source>
      <translation>offen</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>Anfang</translation>
    </message>
    <message>
      <source>End</source>
      <translation>Ende</translation>
    </message>
    <message>
      <source>Length</source>
      <translation>Länge</translation>
    </message>
    <message>
      <source>Speaker</source>
      <translation>Sprecher</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>Sure</source>
      <translation>Sicher</translation>
    </message>
    <message>
      <source>Overlap</source>
      <translation>Überlappung</translation>
    </message>
    <message>
      <source>Words</source>
      <translation>Wörter</translation>
    </message>
    <message>
      <source>Write words</source>
      <translation>Wörter schreiben</translation>
    </message>
    <message>
      <source>a turn needs a speaker: choose one, or type a new name</source>
      <translation>ein Redebeitrag braucht einen Sprecher: einen wählen, oder einen neuen Namen eintippen</translation>
    </message>
    <message>
      <source>Change speaker</source>
      <translation>Sprecher ändern</translation>
    </message>
    <message>
      <source>{} is no time: write 83.5, 1:23.5 or 1:02:03</source>
      <translation>{} ist keine Zeit: 83.5, 1:23.5 oder 1:02:03 schreiben</translation>
    </message>
    <message>
      <source>the recording ends at {}</source>
      <translation>die Aufnahme endet bei {}</translation>
    </message>
    <message>
      <source>Change start</source>
      <translation>Anfang ändern</translation>
    </message>
    <message>
      <source>Change end</source>
      <translation>Ende ändern</translation>
    </message>
  </context>
  <context>
    <name>TurnsTable</name>
    <message>
      <source>Find a word, name, time or state</source>
      <translation>Wort, Name, Zeit oder Zustand suchen</translation>
    </message>
    <message>
      <source>Find turns</source>
      <translation>Beiträge finden</translation>
    </message>
    <message>
      <source>Turns of which speaker</source>
      <translation>Beiträge welches Sprechers</translation>
    </message>
    <message>
      <source>Order of the turns</source>
      <translation>Reihenfolge der Beiträge</translation>
    </message>
    <message>
      <source>By time</source>
      <translation>Nach Zeit</translation>
    </message>
    <message>
      <source>By end</source>
      <translation>Nach Ende</translation>
    </message>
    <message>
      <source>Shortest first</source>
      <translation>Kürzeste zuerst</translation>
    </message>
    <message>
      <source>Longest first</source>
      <translation>Längste zuerst</translation>
    </message>
    <message>
      <source>By speaker</source>
      <translation>Nach Sprecher</translation>
    </message>
    <message>
      <source>By state</source>
      <translation>Nach Zustand</translation>
    </message>
    <message>
      <source>Least sure first</source>
      <translation>Unsicherste zuerst</translation>
    </message>
    <message>
      <source>Most overlap first</source>
      <translation>Längste Überlappung zuerst</translation>
    </message>
    <message>
      <source>Number of turns shown</source>
      <translation>Zahl der gezeigten Beiträge</translation>
    </message>
    <message>
      <source>Turns</source>
      <translation>Beiträge</translation>
    </message>
    <message>
      <source>All speakers</source>
      <translation>Alle Sprecher</translation>
    </message>
    <message>
      <source>{} of {} turns</source>
      <translation>{} von {} Beiträgen</translation>
    </message>
    <message>
      <source>1 turn</source>
      <translation>1 Beitrag</translation>
    </message>
    <message>
      <source>{} turns</source>
      <translation>{} Beiträge</translation>
    </message>
  </context>
  <context>
    <name>SpeakerDelegate</name>
    <message>
      <source>Speaker of this turn</source>
      <translation>Sprecher dieses Beitrags</translation>
    </message>
  </context>
  <context>
    <name>Controls</name>
    <message>
      <source>Speed</source>
      <translation>Tempo</translation>
    </message>
    <message>
      <source>How fast it plays, at the same pitch (&lt; and &gt;)</source>
      <translation>Wie schnell abgespielt wird, bei gleicher Tonhöhe (&lt; und &gt;)</translation>
    </message>
    <message>
      <source>Volume</source>
      <translation>Lautstärke</translation>
    </message>
    <message>
      <source>Volume: {}</source>
      <translation>Lautstärke: {}</translation>
    </message>
  </context>
  <context>
    <name>Player</name>
    <message>
      <source>{} can't be used now: playing through the system's output</source>
      <translation>{} ist gerade nicht verfügbar: Die Wiedergabe läuft über die Ausgabe des Systems</translation>
    </message>
  </context>
  <context>
    <name>Spectrograms</name>
    <message>
      <source>Zoom in to see the spectrogram</source>
      <translation>Hineinzoomen, um das Spektrogramm zu sehen</translation>
    </message>
  </context>
  <context>
    <name>SourceBox</name>
    <message>
      <source>Microphone</source>
      <translation>Mikrofon</translation>
    </message>
    <message>
      <source>Computer's sound</source>
      <translation>Ton des Computers</translation>
    </message>
    <message>
      <source>Both (a call)</source>
      <translation>Beides (ein Anruf)</translation>
    </message>
    <message>
      <source>Not possible here: {}</source>
      <translation>Hier nicht möglich: {}</translation>
    </message>
  </context>
  <context>
    <name>DeviceBox</name>
    <message>
      <source>mono</source>
      <translation>mono</translation>
    </message>
    <message>
      <source>stereo</source>
      <translation>stereo</translation>
    </message>
    <message>
      <source>{} channels</source>
      <translation>{} Kanäle</translation>
    </message>
    <message>
      <source>what this computer plays</source>
      <translation>was dieser Computer abspielt</translation>
    </message>
    <message>
      <source>default</source>
      <translation>Standard</translation>
    </message>
  </context>
  <context>
    <name>Capturing</name>
    <message>
      <source>What you changed in {} is kept: it is there when you open that again.</source>
      <translation>Was Sie an {} geändert haben, ist aufgehoben: es ist da, wenn Sie das wieder öffnen.</translation>
    </message>
    <message>
      <source>Open {}</source>
      <translation>{} öffnen</translation>
    </message>
  </context>
  <context>
    <name>LevelMeter</name>
    <message>
      <source>clipping</source>
      <translation>übersteuert</translation>
    </message>
    <message>
      <source>silence</source>
      <translation>Stille</translation>
    </message>
    <message>
      <source>good</source>
      <translation>gut</translation>
    </message>
    <message>
      <source>How loud the microphone is. Speech is best between -30 and -12 dB.</source>
      <translation>Wie laut das Mikrofon ist. Sprache ist am besten zwischen -30 und -12 dB.</translation>
    </message>
    <message>
      <source>Level of {}</source>
      <translation>Pegel von {}</translation>
    </message>
    <message>
      <source>Level</source>
      <translation>Pegel</translation>
    </message>
  </context>
  <context>
    <name>recording</name>
    <message>
      <source>Microphone</source>
      <translation>Mikrofon</translation>
    </message>
    <message>
      <source>Computer</source>
      <translation>Computer</translation>
    </message>
    <message>
      <source>Recording</source>
      <translation>Aufnahme</translation>
    </message>
    <message>
      <source>Paused</source>
      <translation>Angehalten</translation>
    </message>
    <message>
      <source>No sound</source>
      <translation>Kein Ton</translation>
    </message>
    <message>
      <source>A meeting is being recorded.</source>
      <translation>Es wird gerade eine Besprechung aufgenommen.</translation>
    </message>
    <message>
      <source>It can be stopped and saved first.</source>
      <translation>Sie kann erst beendet und gespeichert werden.</translation>
    </message>
    <message>
      <source>&amp;Stop and save</source>
      <translation>&amp;Beenden und speichern</translation>
    </message>
    <message>
      <source>&amp;Keep recording</source>
      <translation>&amp;Weiter aufnehmen</translation>
    </message>
    <message>
      <source>Folder for recordings</source>
      <translation>Ordner für Aufnahmen</translation>
    </message>
  </context>
  <context>
    <name>Live</name>
    <message>
      <source>Labelling the last {}…</source>
      <translation>Die letzten {} werden zugeordnet…</translation>
    </message>
    <message>
      <source>Opening the microphone…</source>
      <translation>Das Mikrofon wird geöffnet…</translation>
    </message>
    <message>
      <source>Recording</source>
      <translation>Aufnahme</translation>
    </message>
    <message>
      <source>Paused</source>
      <translation>Angehalten</translation>
    </message>
    <message>
      <source>Waiting for a microphone</source>
      <translation>Wartet auf ein Mikrofon</translation>
    </message>
    <message>
      <source>Comparing the voices…</source>
      <translation>Die Stimmen werden verglichen…</translation>
    </message>
    <message>
      <source>Paused for {}</source>
      <translation>Seit {} angehalten</translation>
    </message>
    <message>
      <source>From here on: {}</source>
      <translation>Ab hier: {}</translation>
    </message>
    <message>
      <source>{} s of sound are missing</source>
      <translation>{} s Ton fehlen</translation>
    </message>
    <message>
      <source>{} s of the microphone are missing</source>
      <translation>{} s vom Mikrofon fehlen</translation>
    </message>
    <message>
      <source>{} s of the computer's sound are missing</source>
      <translation>{} s vom Ton des Computers fehlen</translation>
    </message>
    <message>
      <source>Second pass</source>
      <translation>Zweiter Durchgang</translation>
    </message>
  </context>
  <context>
    <name>MiniView</name>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>Recorded so far</source>
      <translation>Bisher aufgenommen</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Stopp</translation>
    </message>
    <message>
      <source>Marker</source>
      <translation>Marke</translation>
    </message>
    <message>
      <source>Whole window</source>
      <translation>Ganzes Fenster</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>Fortsetzen</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>Pause</translation>
    </message>
  </context>
  <context>
    <name>CapturePanel</name>
    <message>
      <source>Recording</source>
      <translation>Aufnahme</translation>
    </message>
    <message>
      <source>Record</source>
      <translation>Aufnehmen</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>Pause</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Stopp</translation>
    </message>
    <message>
      <source>Marker</source>
      <translation>Marke</translation>
    </message>
    <message>
      <source>Mark this moment (Ctrl+M)</source>
      <translation>Diesen Augenblick markieren (Strg+M)</translation>
    </message>
    <message>
      <source>Recorded so far</source>
      <translation>Bisher aufgenommen</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>How loud what the computer plays is.</source>
      <translation>Wie laut ist, was der Computer abspielt.</translation>
    </message>
    <message>
      <source>Mini view</source>
      <translation>Mini-Ansicht</translation>
    </message>
    <message>
      <source>A small window that stays in front, beside a call</source>
      <translation>Ein kleines Fenster, das vorne bleibt, neben einem Anruf</translation>
    </message>
    <message>
      <source>What is recorded</source>
      <translation>Was aufgenommen wird</translation>
    </message>
    <message>
      <source>Microphone</source>
      <translation>Mikrofon</translation>
    </message>
    <message>
      <source>Look for microphones again</source>
      <translation>Noch einmal nach Mikrofonen suchen</translation>
    </message>
    <message>
      <source>Folder for recordings</source>
      <translation>Ordner für Aufnahmen</translation>
    </message>
    <message>
      <source>Losses, delay and room on the disk</source>
      <translation>Verluste, Verzug und Platz auf der Platte</translation>
    </message>
    <message>
      <source>Hint</source>
      <translation>Hinweis</translation>
    </message>
    <message>
      <source>Record:</source>
      <translation>Aufnehmen:</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>Fortsetzen</translation>
    </message>
    <message>
      <source>nothing lost</source>
      <translation>nichts verloren</translation>
    </message>
    <message>
      <source>{} s lost</source>
      <translation>{} s verloren</translation>
    </message>
    <message>
      <source>no labels</source>
      <translation>keine Zuordnung</translation>
    </message>
    <message>
      <source>labels {} s behind</source>
      <translation>Sprecher {} s später</translation>
    </message>
    <message>
      <source>labels {:.0f} s behind, they will catch up</source>
      <translation>Zuordnung {:.0f} s im Verzug, das holt sie auf</translation>
    </message>
    <message>
      <source>room for {}</source>
      <translation>Platz für {}</translation>
    </message>
    <message>
      <source>No microphone was found: {}</source>
      <translation>Kein Mikrofon gefunden: {}</translation>
    </message>
    <message>
      <source>No sound arrives: {}</source>
      <translation>Es kommt kein Ton: {}</translation>
    </message>
    <message>
      <source>Speak: the bar should move. {} is recorded, too: the other side.</source>
      <translation>Sprechen Sie: Der Balken sollte sich bewegen. {} wird auch aufgenommen: die andere Seite.</translation>
    </message>
    <message>
      <source>Speak: the bar should move. Then press Record (Ctrl+R).</source>
      <translation>Sprechen Sie: der Balken sollte sich bewegen. Dann auf Aufnehmen drücken (Strg+R).</translation>
    </message>
    <message>
      <source>Recordings go to {}. Click to choose another folder.</source>
      <translation>Aufnahmen kommen nach {}. Klicken, um einen anderen Ordner zu wählen.</translation>
    </message>
    <message>
      <source>{:.0f} s</source>
      <translation>{:.0f} s</translation>
    </message>
    <message>
      <source>{:.0f} min</source>
      <translation>{:.0f} min</translation>
    </message>
    <message>
      <source>{:.0f} h</source>
      <translation>{:.0f} h</translation>
    </message>
  </context>
  <context>
    <name>LiveProblems</name>
    <message>
      <source>Go on with {}</source>
      <translation>Mit {} fortsetzen</translation>
    </message>
    <message>
      <source>Try it again</source>
      <translation>Noch einmal versuchen</translation>
    </message>
    <message>
      <source>Another microphone…</source>
      <translation>Anderes Mikrofon…</translation>
    </message>
    <message>
      <source>Open the system's settings</source>
      <translation>Einstellungen des Systems öffnen</translation>
    </message>
    <message>
      <source>Open the folder</source>
      <translation>Den Ordner öffnen</translation>
    </message>
    <message>
      <source>Stop and save</source>
      <translation>Beenden und speichern</translation>
    </message>
    <message>
      <source>Choose another folder…</source>
      <translation>Anderen Ordner wählen…</translation>
    </message>
    <message>
      <source>The system took {} away: what the loudspeakers play ({}) is recorded now</source>
      <translation>Das System hat {} weggenommen: Jetzt wird aufgenommen, was die Lautsprecher spielen ({})</translation>
    </message>
    <message>
      <source>The system took {} away: {} is recorded now</source>
      <translation>Das System hat {} weggenommen: Jetzt wird {} aufgenommen</translation>
    </message>
    <message>
      <source>No microphone was found: {}</source>
      <translation>Kein Mikrofon gefunden: {}</translation>
    </message>
    <message>
      <source>Look again and record</source>
      <translation>Noch einmal suchen und aufnehmen</translation>
    </message>
    <message>
      <source>Nothing can be recorded into {}: {}</source>
      <translation>In {} kann nichts aufgenommen werden: {}</translation>
    </message>
    <message>
      <source>The analysis of {} was stopped for the recording</source>
      <translation>Die Analyse von {} wurde für die Aufnahme abgebrochen</translation>
    </message>
    <message>
      <source>Analyse it again</source>
      <translation>Erneut analysieren</translation>
    </message>
    <message>
      <source>{} is recorded, but not analysed yet</source>
      <translation>{} ist aufgenommen, aber noch nicht analysiert</translation>
    </message>
    <message>
      <source>Analyse it</source>
      <translation>Analysieren</translation>
    </message>
  </context>
  <context>
    <name>RecoveryDialog</name>
    <message>
      <source>Interrupted recordings</source>
      <translation>Unterbrochene Aufnahmen</translation>
    </message>
    <message>
      <source>Voicelanes or the computer ended while these were recorded. What was recorded until then is on the disk.</source>
      <translation>Voicelanes oder der Computer endete, während diese aufgenommen wurden. Was bis dahin aufgenommen wurde, ist auf der Platte.</translation>
    </message>
    <message>
      <source>&amp;Recover and open</source>
      <translation>&amp;Wiederherstellen und öffnen</translation>
    </message>
    <message>
      <source>&amp;Discard…</source>
      <translation>&amp;Verwerfen…</translation>
    </message>
    <message>
      <source>&amp;Skip (keeps them)</source>
      <translation>&amp;Überspringen (bleiben erhalten)</translation>
    </message>
    <message>
      <source>Delete {} for good?</source>
      <translation>{} für immer löschen?</translation>
    </message>
    <message>
      <source>It is {} long and can't be brought back.</source>
      <translation>Sie dauert {} und kann nicht zurückgeholt werden.</translation>
    </message>
    <message>
      <source>&amp;Delete</source>
      <translation>&amp;Löschen</translation>
    </message>
    <message>
      <source>&amp;Keep it</source>
      <translation>&amp;Behalten</translation>
    </message>
  </context>
  <context>
    <name>Tray</name>
    <message>
      <source>Go on</source>
      <translation>Fortsetzen</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>Pause</translation>
    </message>
    <message>
      <source>Show the window</source>
      <translation>Fenster zeigen</translation>
    </message>
    <message>
      <source>Stop and save</source>
      <translation>Beenden und speichern</translation>
    </message>
  </context>
  <context>
    <name>Session</name>
    <message>
      <source>Recognise voices</source>
      <translation>Stimmen erkennen</translation>
    </message>
    <message>
      <source>turns can be changed once the whole recording has been heard</source>
      <translation>Sprechabschnitte lassen sich ändern, sobald die ganze Aufnahme gehört wurde</translation>
    </message>
    <message>
      <source>Rename speaker</source>
      <translation>Sprecher umbenennen</translation>
    </message>
    <message>
      <source>Confirm voice</source>
      <translation>Stimme bestätigen</translation>
    </message>
    <message>
      <source>Not this voice</source>
      <translation>Nicht diese Stimme</translation>
    </message>
    <message>
      <source>Change colour</source>
      <translation>Farbe ändern</translation>
    </message>
    <message>
      <source>Move lane</source>
      <translation>Spur verschieben</translation>
    </message>
    <message>
      <source>Add marker</source>
      <translation>Marke setzen</translation>
    </message>
    <message>
      <source>Edit marker</source>
      <translation>Marke ändern</translation>
    </message>
    <message>
      <source>Remove marker</source>
      <translation>Marke entfernen</translation>
    </message>
    <message>
      <source>Merge speakers</source>
      <translation>Sprecher verbinden</translation>
    </message>
    <message>
      <source>another speaker can be added once the whole recording has been heard</source>
      <translation>ein weiterer Sprecher kann hinzukommen, sobald die ganze Aufnahme gehört wurde</translation>
    </message>
    <message>
      <source>Change speaker</source>
      <translation>Sprecher ändern</translation>
    </message>
    <message>
      <source>Number of speakers</source>
      <translation>Zahl der Sprecher</translation>
    </message>
  </context>
  <context>
    <name>KeptAnalysesBox</name>
    <message>
      <source>Keep &amp;analyses, so that a recording opens at once again</source>
      <translation>&amp;Analysen aufheben, damit eine Aufnahme sofort wieder offen ist</translation>
    </message>
    <message>
      <source>Analyses that are kept</source>
      <translation>Aufgehobene Analysen</translation>
    </message>
    <message>
      <source>&amp;Remove all</source>
      <translation>Alle &amp;entfernen</translation>
    </message>
    <message>
      <source>{} kept, {} MB</source>
      <translation>{} aufgehoben, {} MB</translation>
    </message>
    <message>
      <source>None kept</source>
      <translation>Keine aufgehoben</translation>
    </message>
  </context>
  <context>
    <name>SettingsDialog</name>
    <message>
      <source>Settings</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>Settings by subject</source>
      <translation>Einstellungen nach Themen</translation>
    </message>
    <message>
      <source>&amp;General</source>
      <translation>&amp;Allgemein</translation>
    </message>
    <message>
      <source>&amp;Recording</source>
      <translation>A&amp;ufnahme</translation>
    </message>
    <message>
      <source>S&amp;peakers</source>
      <translation>&amp;Sprecher</translation>
    </message>
    <message>
      <source>&amp;Shortcuts</source>
      <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
      <source>&amp;Defaults</source>
      <translation>&amp;Vorgaben</translation>
    </message>
    <message>
      <source>Set everything here back to how it was at first</source>
      <translation>Alles hier wieder so einstellen, wie es zuerst war</translation>
    </message>
    <message>
      <source>&amp;Close</source>
      <translation>S&amp;chließen</translation>
    </message>
    <message>
      <source>System default</source>
      <translation>Wie das System</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>Hell</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>Dunkel</translation>
    </message>
    <message>
      <source>High contrast</source>
      <translation>Hoher Kontrast</translation>
    </message>
    <message>
      <source>Takes effect when Voicelanes is started again.</source>
      <translation>Gilt, wenn Voicelanes das nächste Mal gestartet wird.</translation>
    </message>
    <message>
      <source>&amp;Follow the playhead when a recording is opened</source>
      <translation>&amp;Der Abspielmarke folgen, wenn eine Aufnahme geöffnet wird</translation>
    </message>
    <message>
      <source>&amp;Keep unsaved changes where a crash can't reach them</source>
      <translation>&amp;Ungespeicherte Änderungen aufbewahren, wo kein Absturz sie erreicht</translation>
    </message>
    <message>
      <source>&amp;Usual ones</source>
      <translation>&amp;Übliche</translation>
    </message>
    <message>
      <source>Seven colours that everybody can tell apart</source>
      <translation>Sieben Farben, die alle unterscheiden können</translation>
    </message>
    <message>
      <source>&amp;Theme:</source>
      <translation>Auss&amp;ehen:</translation>
    </message>
    <message>
      <source>C&amp;olours of speakers:</source>
      <translation>&amp;Farben der Sprecher:</translation>
    </message>
    <message>
      <source>&amp;Language:</source>
      <translation>S&amp;prache:</translation>
    </message>
    <message>
      <source>Colour of speaker {}</source>
      <translation>Farbe von Sprecher {}</translation>
    </message>
    <message>
      <source>&amp;Browse…</source>
      <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
      <source>Browse for the folder of recordings</source>
      <translation>Den Ordner der Aufnahmen suchen</translation>
    </message>
    <message>
      <source>&amp;Look again</source>
      <translation>Noch einmal &amp;suchen</translation>
    </message>
    <message>
      <source>&amp;Microphone:</source>
      <translation>&amp;Mikrofon:</translation>
    </message>
    <message>
      <source>&amp;Output for playing:</source>
      <translation>Aus&amp;gabe für die Wiedergabe:</translation>
    </message>
    <message>
      <source>&amp;Folder:</source>
      <translation>&amp;Ordner:</translation>
    </message>
    <message>
      <source>New recordings are kept here. Takes effect with the next recording.</source>
      <translation>Hier werden neue Aufnahmen aufbewahrt. Gilt ab der nächsten Aufnahme.</translation>
    </message>
    <message>
      <source>any number</source>
      <translation>jede Zahl</translation>
    </message>
    <message>
      <source>How readily alike voices count as two speakers</source>
      <translation>Wie leicht ähnliche Stimmen als zwei Sprecher gelten</translation>
    </message>
    <message>
      <source>fewer</source>
      <translation>weniger</translation>
    </message>
    <message>
      <source>more</source>
      <translation>mehr</translation>
    </message>
    <message>
      <source>Found out: one sound, or different people</source>
      <translation>Herausfinden: ein Ton oder verschiedene Leute</translation>
    </message>
    <message>
      <source>One sound</source>
      <translation>Ein Ton</translation>
    </message>
    <message>
      <source>Different people, heard alone</source>
      <translation>Verschiedene Leute, einzeln gehört</translation>
    </message>
    <message>
      <source>&amp;Usual number of speakers:</source>
      <translation>Übliche &amp;Zahl der Sprecher:</translation>
    </message>
    <message>
      <source>&amp;Fewer or more speakers:</source>
      <translation>&amp;Weniger oder mehr Sprecher:</translation>
    </message>
    <message>
      <source>Where the number is open. Takes effect like the number.</source>
      <translation>Wo die Zahl offen ist. Gilt von da an wie die Zahl.</translation>
    </message>
    <message>
      <source>C&amp;hannels of a recording:</source>
      <translation>&amp;Kanäle einer Aufnahme:</translation>
    </message>
    <message>
      <source>&amp;Models:</source>
      <translation>&amp;Modelle:</translation>
    </message>
    <message>
      <source>Looking…</source>
      <translation>Wird gesucht…</translation>
    </message>
    <message>
      <source>None found</source>
      <translation>Keines gefunden</translation>
    </message>
    <message>
      <source>{} (not there now)</source>
      <translation>{} (gerade nicht da)</translation>
    </message>
    <message>
      <source>Folder of recordings</source>
      <translation>Ordner der Aufnahmen</translation>
    </message>
    <message>
      <source>Not a number: write 3, or 2-4 for a range.</source>
      <translation>Keine Zahl: 3 schreiben, oder 2-4 für einen Bereich.</translation>
    </message>
    <message>
      <source>Takes effect with the next recording, or with Analyse again.</source>
      <translation>Gilt ab der nächsten Aufnahme oder mit „Erneut analysieren“.</translation>
    </message>
    <message>
      <source>Those that came with Voicelanes</source>
      <translation>Die mit Voicelanes gekommen sind</translation>
    </message>
    <message>
      <source>A voice print covers {window} s; there is one every {hop} s.</source>
      <translation>Ein Stimmabdruck umfasst {window} s; alle {hop} s gibt es einen.</translation>
    </message>
    <message>
      <source>Licence: {}</source>
      <translation>Lizenz: {}</translation>
    </message>
    <message>
      <source>Trained on: {}</source>
      <translation>Trainiert mit: {}</translation>
    </message>
  </context>
  <context>
    <name>ShortcutsPage</name>
    <message>
      <source>Find an action or a key</source>
      <translation>Eine Aktion oder Taste suchen</translation>
    </message>
    <message>
      <source>Actions and their shortcuts</source>
      <translation>Aktionen und ihre Tastenkürzel</translation>
    </message>
    <message>
      <source>Action</source>
      <translation>Aktion</translation>
    </message>
    <message>
      <source>Shortcut</source>
      <translation>Tastenkürzel</translation>
    </message>
    <message>
      <source>Press the new shortcut</source>
      <translation>Das neue Tastenkürzel drücken</translation>
    </message>
    <message>
      <source>Conflict</source>
      <translation>Konflikt</translation>
    </message>
    <message>
      <source>&amp;Use this shortcut</source>
      <translation>Dieses &amp;nehmen</translation>
    </message>
    <message>
      <source>&amp;No shortcut</source>
      <translation>&amp;Kein Tastenkürzel</translation>
    </message>
    <message>
      <source>&amp;As it was</source>
      <translation>&amp;Wie es war</translation>
    </message>
    <message>
      <source>A&amp;ll as they were</source>
      <translation>A&amp;lle wie sie waren</translation>
    </message>
    <message>
      <source>&amp;New shortcut:</source>
      <translation>Neues Tasten&amp;kürzel:</translation>
    </message>
    <message>
      <source>{} is the shortcut of “{}”, which would lose it.</source>
      <translation>{} ist das Tastenkürzel von „{}“, das es verlieren würde.</translation>
    </message>
  </context>
  <context>
    <name>DistancesModel</name>
    <message>
      <source>may be one person</source>
      <translation>vielleicht eine Person</translation>
    </message>
    <message>
      <source>near</source>
      <translation>nah</translation>
    </message>
    <message>
      <source>far apart</source>
      <translation>weit auseinander</translation>
    </message>
    <message>
      <source>{} and {}: too little to compare</source>
      <translation>{} und {}: zu wenig zum Vergleichen</translation>
    </message>
    <message>
      <source>The moments of {} are {} alike</source>
      <translation>Die Momente von {} sind einander zu {} ähnlich</translation>
    </message>
    <message>
      <source>{} and {} are {} alike: {}</source>
      <translation>{} und {} sind einander zu {} ähnlich: {}</translation>
    </message>
  </context>
  <context>
    <name>DistanceMatrix</name>
    <message>
      <source>How alike the voices are</source>
      <translation>Wie ähnlich die Stimmen sind</translation>
    </message>
  </context>
  <context>
    <name>Pairs</name>
    <message>
      <source>&amp;Show it on the map</source>
      <translation>Auf der Karte &amp;zeigen</translation>
    </message>
    <message>
      <source>&amp;Show both on the map</source>
      <translation>Beide auf der Karte &amp;zeigen</translation>
    </message>
    <message>
      <source>&amp;Choose all its points</source>
      <translation>&amp;Alle Punkte auswählen</translation>
    </message>
    <message>
      <source>Hear {}</source>
      <translation>{} anhören</translation>
    </message>
    <message>
      <source>Both are {}</source>
      <translation>Beide sind {}</translation>
    </message>
  </context>
  <context>
    <name>SimilarityPanel</name>
    <message>
      <source>Analyse again</source>
      <translation>Erneut analysieren</translation>
    </message>
    <message>
      <source>Give to…</source>
      <translation>Geben an …</translation>
    </message>
    <message>
      <source>How alike the voices are (100 %: the same)</source>
      <translation>Wie ähnlich die Stimmen sind (100 %: gleich)</translation>
    </message>
    <message>
      <source>The map of the voices is drawn once the whole recording was heard.</source>
      <translation>Die Karte der Stimmen wird gezeichnet, sobald die ganze Aufnahme gehört ist.</translation>
    </message>
    <message>
      <source>No voice prints are kept with this meeting, so there is no map of its voices. Analyse again to get them; what you corrected stays.</source>
      <translation>Mit dieser Besprechung sind keine Stimmabdrücke aufgehoben, darum gibt es keine Stimmenkarte. Erneut analysieren bringt sie; was Sie verbessert haben, bleibt.</translation>
    </message>
    <message>
      <source>The voices could not be compared: the notice below says why.</source>
      <translation>Die Stimmen ließen sich nicht vergleichen: der Hinweis unten sagt, warum.</translation>
    </message>
    <message>
      <source>Comparing the voices…</source>
      <translation>Die Stimmen werden verglichen…</translation>
    </message>
    <message>
      <source>Click a point to hear it, drag around points to choose them</source>
      <translation>Klick auf einen Punkt spielt ihn, um Punkte herum ziehen wählt sie aus</translation>
    </message>
    <message>
      <source>{} of {}</source>
      <translation>{} von {}</translation>
    </message>
    <message>
      <source>{} of nobody, or of several</source>
      <translation>{} von niemandem oder mehreren</translation>
    </message>
    <message>
      <source>Chosen: {}</source>
      <translation>Ausgewählt: {}</translation>
    </message>
    <message>
      <source>Give the chosen points to</source>
      <translation>Die ausgewählten Punkte geben an</translation>
    </message>
    <message>
      <source>&amp;0  New speaker</source>
      <translation>&amp;0  Neuer Sprecher</translation>
    </message>
    <message>
      <source>Choose &amp;none</source>
      <translation>&amp;Keine auswählen</translation>
    </message>
    <message>
      <source>there is no speaker {}: press 0 to add one</source>
      <translation>es gibt keinen Sprecher {}: 0 drücken, um einen dazuzunehmen</translation>
    </message>
    <message>
      <source>where these points are nobody speaks, or several do: choose others</source>
      <translation>wo diese Punkte liegen, spricht niemand, oder es sprechen mehrere: andere auswählen</translation>
    </message>
    <message>
      <source>Reassign points</source>
      <translation>Punkte zuordnen</translation>
    </message>
  </context>
  <context>
    <name>VoiceMap</name>
    <message>
      <source>Map of the voices</source>
      <translation>Karte der Stimmen</translation>
    </message>
    <message>
      <source>nobody, or several</source>
      <translation>niemand oder mehrere</translation>
    </message>
    <message>
      <source>{}: {} points</source>
      <translation>{}: {} Punkte</translation>
    </message>
    <message>
      <source>{} chosen</source>
      <translation>{} ausgewählt</translation>
    </message>
  </context>
  <context>
    <name>voice_marks</name>
    <message>
      <source>recognised by the voice, {} sure</source>
      <translation>an der Stimme erkannt, zu {} sicher</translation>
    </message>
    <message>
      <source>{} %</source>
      <translation>{} %</translation>
    </message>
    <message>
      <source>{} sure</source>
      <translation>zu {} sicher</translation>
    </message>
  </context>
  <context>
    <name>wording</name>
    <message>
      <source>Speaker {}</source>
      <translation>Sprecher {}</translation>
    </message>
  </context>
  <context>
    <name>Canvas</name>
    <message>
      <source>New speaker</source>
      <translation>Neuer Sprecher</translation>
    </message>
    <message>
      <source>overlaps {} for {}</source>
      <translation>überlappt {} für {}</translation>
    </message>
    <message>
      <source>provisional</source>
      <translation>vorläufig</translation>
    </message>
    <message>
      <source>{} sure</source>
      <translation>zu {} sicher</translation>
    </message>
    <message>
      <source>edited</source>
      <translation>bearbeitet</translation>
    </message>
    <message>
      <source>{} speak at once</source>
      <translation>{} sprechen zugleich</translation>
    </message>
  </context>
  <context>
    <name>ErrorRows</name>
    <message>
      <source>Differences from the reference</source>
      <translation>Abweichungen von der Referenz</translation>
    </message>
    <message>
      <source>Missed</source>
      <translation>Gefehlt</translation>
    </message>
    <message>
      <source>False alarm</source>
      <translation>Falscher Alarm</translation>
    </message>
    <message>
      <source>Confusion</source>
      <translation>Verwechselt</translation>
    </message>
  </context>
  <context>
    <name>ErrorNames</name>
    <message>
      <source>Rows of the reference</source>
      <translation>Zeilen der Referenz</translation>
    </message>
  </context>
  <context>
    <name>NamesColumn</name>
    <message>
      <source>of {}</source>
      <translation>von {}</translation>
    </message>
    <message>
      <source>mute</source>
      <translation>stumm</translation>
    </message>
    <message>
      <source>solo</source>
      <translation>allein</translation>
    </message>
    <message>
      <source>Speakers</source>
      <translation>Sprecher</translation>
    </message>
    <message>
      <source>Name of {}</source>
      <translation>Name von {}</translation>
    </message>
    <message>
      <source>Mute this voice</source>
      <translation>Diese Stimme stummschalten</translation>
    </message>
    <message>
      <source>Play only this voice</source>
      <translation>Nur diese Stimme abspielen</translation>
    </message>
    <message>
      <source>{name}
speaks {time}, turns: {turns}</source>
      <translation>{name}
spricht {time}, Beiträge: {turns}</translation>
    </message>
  </context>
  <context>
    <name>Overview</name>
    <message>
      <source>Overview</source>
      <translation>Übersicht</translation>
    </message>
    <message>
      <source>The whole recording. Click or drag to move the visible part.</source>
      <translation>Die ganze Aufnahme. Klicken oder ziehen verschiebt den sichtbaren Teil.</translation>
    </message>
  </context>
  <context>
    <name>Spectrogram</name>
    <message>
      <source>{} kHz</source>
      <translation>{} kHz</translation>
    </message>
  </context>
  <context>
    <name>TimelineView</name>
    <message>
      <source>Timeline</source>
      <translation>Zeitleiste</translation>
    </message>
    <message>
      <source>Waveform and speaker lanes</source>
      <translation>Wellenform und Sprecherspuren</translation>
    </message>
    <message>
      <source>Click to go to a time and to select a turn, drag to select time or to move the edge of a turn, Ctrl and wheel to zoom. N and P go from turn to turn.</source>
      <translation>Klicken: zu einer Zeit gehen und einen Redebeitrag auswählen. Ziehen: Zeit auswählen oder die Grenze eines Beitrags verschieben. Strg und Mausrad: vergrößern. N und P gehen von Beitrag zu Beitrag.</translation>
    </message>
    <message>
      <source>Scroll speaker lanes</source>
      <translation>Sprecherspuren blättern</translation>
    </message>
    <message>
      <source>Follow</source>
      <translation>Folgen</translation>
    </message>
    <message>
      <source>Keep the playhead in view. Scrolling by hand switches this off.</source>
      <translation>Die Abspielmarke im Blick behalten. Von Hand zu blättern schaltet das aus.</translation>
    </message>
    <message>
      <source>Visible time</source>
      <translation>Sichtbare Zeit</translation>
    </message>
    <message>
      <source>Open a recording (Ctrl+O) or drop a file here</source>
      <translation>Eine Aufnahme öffnen (Strg+O) oder eine Datei hier ablegen</translation>
    </message>
    <message>
      <source>Speakers appear here</source>
      <translation>Hier erscheinen die Sprecher</translation>
    </message>
    <message>
      <source>Text of the marker</source>
      <translation>Text der Marke</translation>
    </message>
    <message>
      <source>What is here?</source>
      <translation>Was ist hier?</translation>
    </message>
  </context>
  <context>
    <name>VoicesDialog</name>
    <message>
      <source>Known voices</source>
      <translation>Bekannte Stimmen</translation>
    </message>
    <message>
      <source>Voices</source>
      <translation>Stimmen</translation>
    </message>
    <message>
      <source>Samples of this voice</source>
      <translation>Proben dieser Stimme</translation>
    </message>
    <message>
      <source>&amp;Hear the samples anew</source>
      <translation>Proben neu &amp;hören</translation>
    </message>
    <message>
      <source>&amp;Rename</source>
      <translation>&amp;Umbenennen</translation>
    </message>
    <message>
      <source>&amp;Merge with…</source>
      <translation>&amp;Verbinden mit…</translation>
    </message>
    <message>
      <source>&amp;Export…</source>
      <translation>E&amp;xportieren…</translation>
    </message>
    <message>
      <source>&amp;Delete…</source>
      <translation>&amp;Löschen…</translation>
    </message>
    <message>
      <source>&amp;Test on the open recording</source>
      <translation>An der offenen Aufnahme &amp;prüfen</translation>
    </message>
    <message>
      <source>&amp;Play</source>
      <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
      <source>Delete &amp;samples</source>
      <translation>P&amp;roben löschen</translation>
    </message>
    <message>
      <source>Another encoder heard samples of {}: voice prints of two encoders can't be compared. The samples that were kept can be heard anew by the one in use.</source>
      <translation>Proben von {} hat ein anderer Encoder gehört. Stimmabdrücke zweier Encoder lassen sich nicht vergleichen; der jetzige kann die aufgehobenen Proben neu hören.</translation>
    </message>
    <message>
      <source>No voice is remembered. Right-click a speaker and choose Remember this voice.</source>
      <translation>Keine Stimme ist gemerkt. Mit der rechten Maustaste auf einen Sprecher klicken und Stimme merken wählen.</translation>
    </message>
    <message>
      <source>{} is the same person as</source>
      <translation>{} ist dieselbe Person wie</translation>
    </message>
    <message>
      <source>Give all samples of {} to {}?</source>
      <translation>Alle Proben von {} an {} geben?</translation>
    </message>
    <message>
      <source>They are one voice then; this can't be undone.</source>
      <translation>Sie sind dann eine Stimme; das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
      <source>&amp;Merge</source>
      <translation>&amp;Verbinden</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Export voice to</source>
      <translation>Stimme exportieren nach</translation>
    </message>
    <message>
      <source>Files written into {1}: {0}</source>
      <translation>Dateien geschrieben nach {1}: {0}</translation>
    </message>
    <message>
      <source>{} is deleted</source>
      <translation>{} ist gelöscht</translation>
    </message>
    <message>
      <source>Delete the voice of {} for good?</source>
      <translation>Die Stimme von {} endgültig löschen?</translation>
    </message>
    <message>
      <source>All {} samples are overwritten on the disk and can't be brought back. Names in meetings stay.</source>
      <translation>Alle {} Proben werden auf der Platte überschrieben und sind nicht wiederzubringen. Namen in Besprechungen bleiben.</translation>
    </message>
    <message>
      <source>&amp;Delete</source>
      <translation>&amp;Löschen</translation>
    </message>
    <message>
      <source>&amp;Keep it</source>
      <translation>&amp;Behalten</translation>
    </message>
    <message>
      <source>Samples deleted: {}</source>
      <translation>Gelöschte Proben: {}</translation>
    </message>
    <message>
      <source>The kept samples are being heard…</source>
      <translation>Die aufgehobenen Proben werden gehört…</translation>
    </message>
  </context>
  <context>
    <name>VoiceKeeping</name>
    <message>
      <source>the voice prints of this recording are not here: analyse again (F5) first</source>
      <translation>die Stimmabdrücke dieser Aufnahme fehlen: erst erneut analysieren (F5)</translation>
    </message>
    <message>
      <source>other models heard this meeting than those in use: analyse again (F5)</source>
      <translation>andere Modelle haben diese Besprechung gehört als die jetzigen: erneut analysieren (F5)</translation>
    </message>
    <message>
      <source>there are no speakers yet</source>
      <translation>es gibt noch keine Sprecher</translation>
    </message>
    <message>
      <source>The voice of {} is remembered (samples: {}); it stays on this computer</source>
      <translation>Die Stimme von {} ist gemerkt (Proben: {}); sie bleibt auf diesem Rechner</translation>
    </message>
    <message>
      <source>Forget it again</source>
      <translation>Wieder vergessen</translation>
    </message>
    <message>
      <source>No sound of this voice was kept</source>
      <translation>Von dieser Stimme ist kein Ton aufgehoben</translation>
    </message>
    <message>
      <source>Voices that can be recognised again: {}</source>
      <translation>Stimmen, die wieder erkannt werden: {}</translation>
    </message>
    <message>
      <source>; of {} no sample is long enough: remember the voice anew</source>
      <translation>; von {} ist keine Probe lang genug: die Stimme neu merken</translation>
    </message>
  </context>
  <context>
    <name>KnownVoices</name>
    <message>
      <source>nobody here is asked about</source>
      <translation>hier ist nach niemandem gefragt</translation>
    </message>
    <message>
      <source>Is this the {} whose voice you remember?</source>
      <translation>Ist das die Person {}, deren Stimme gemerkt ist?</translation>
    </message>
    <message>
      <source>Yes, learn from it</source>
      <translation>Ja, daraus lernen</translation>
    </message>
    <message>
      <source>{}: another encoder heard the voice, so it isn't recognised now. The samples that were kept can be heard anew.</source>
      <translation>{}: Die Stimme hat ein anderer Encoder gehört, darum wird sie jetzt nicht erkannt. Die aufgehobenen Proben können neu gehört werden.</translation>
    </message>
    <message>
      <source>Hear them anew</source>
      <translation>Neu hören</translation>
    </message>
    <message>
      <source>{} was the voice of {}.</source>
      <translation>{} war die Stimme von {}.</translation>
    </message>
    <message>
      <source>Rename the voice, too</source>
      <translation>Auch die Stimme umbenennen</translation>
    </message>
    <message>
      <source>It is somebody else's</source>
      <translation>Es ist jemand anders</translation>
    </message>
  </context>
  <context>
    <name>Question</name>
    <message>
      <source>{} ({}?): the voice is alike, {} sure</source>
      <translation>{} ({}?): die Stimme ist ähnlich, zu {} sicher</translation>
    </message>
    <message>
      <source>Hear {}</source>
      <translation>{} hören</translation>
    </message>
    <message>
      <source>Hear {} as remembered</source>
      <translation>{} wie gemerkt hören</translation>
    </message>
    <message>
      <source>Yes, it is {}</source>
      <translation>Ja, das ist {}</translation>
    </message>
    <message>
      <source>No</source>
      <translation>Nein</translation>
    </message>
    <message>
      <source>It isn't, and it isn't asked again in this meeting</source>
      <translation>Nein, und in dieser Besprechung wird nicht wieder gefragt</translation>
    </message>
  </context>
  <context>
    <name>VoiceQuestions</name>
    <message>
      <source>Voices that may be known</source>
      <translation>Stimmen, die bekannt sein könnten</translation>
    </message>
    <message>
      <source>{} more are asked after these</source>
      <translation>Danach wird nach {} weiteren gefragt</translation>
    </message>
  </context>
  <context>
    <name>remember_dialog</name>
    <message>
      <source>A voice identifies a person: remember it only if that person agrees. Stored are voice prints and a few seconds of sound each, in {} on this computer. Nothing leaves it. Speakers &gt; Known voices &gt; Delete removes all of it for good.</source>
      <translation>An einer Stimme erkennt man einen Menschen: nur merken, wenn dieser zustimmt. Gespeichert werden Stimmabdrücke und je einige Sekunden Ton, in {} auf diesem Rechner. Nichts verlässt ihn. Sprecher &gt; Bekannte Stimmen &gt; Löschen entfernt alles endgültig.</translation>
    </message>
  </context>
  <context>
    <name>RememberDialog</name>
    <message>
      <source>Remember the voice of {}</source>
      <translation>Stimme von {} merken</translation>
    </message>
    <message>
      <source>What this person is called</source>
      <translation>Wie diese Person heißt</translation>
    </message>
    <message>
      <source>&amp;Remember this voice</source>
      <translation>Diese Stimme &amp;merken</translation>
    </message>
    <message>
      <source>&amp;Name:</source>
      <translation>&amp;Name:</translation>
    </message>
    <message>
      <source>{} is remembered already: what is said here is added to that voice.</source>
      <translation>{} ist schon gemerkt: was hier gesagt wird, kommt zu dieser Stimme hinzu.</translation>
    </message>
    <message>
      <source>In later meetings this voice is named where that is sure, and asked about where it isn't.</source>
      <translation>In späteren Besprechungen wird diese Stimme benannt, wo das sicher ist, und sonst nach ihr gefragt.</translation>
    </message>
  </context>
  <context>
    <name>VoicesModel</name>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Samples</source>
      <translation>Proben</translation>
    </message>
    <message>
      <source>Speech</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <source>Since</source>
      <translation>Seit</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Stand</translation>
    </message>
    <message>
      <source>no samples: not recognised</source>
      <translation>keine Proben: nicht erkannt</translation>
    </message>
    <message>
      <source>heard by another encoder: not recognised</source>
      <translation>von einem anderen Encoder gehört: nicht erkannt</translation>
    </message>
    <message>
      <source>recognised</source>
      <translation>erkannt</translation>
    </message>
  </context>
  <context>
    <name>SamplesModel</name>
    <message>
      <source>Meeting</source>
      <translation>Besprechung</translation>
    </message>
    <message>
      <source>At</source>
      <translation>Bei</translation>
    </message>
    <message>
      <source>Length</source>
      <translation>Länge</translation>
    </message>
    <message>
      <source>Added</source>
      <translation>Hinzugefügt</translation>
    </message>
    <message>
      <source>Like the others</source>
      <translation>Wie die anderen</translation>
    </message>
    <message>
      <source>{}: somebody else?</source>
      <translation>{}: jemand anders?</translation>
    </message>
    <message>
      <source>{}, another encoder</source>
      <translation>{}, anderer Encoder</translation>
    </message>
  </context>
  <context>
    <name>voice_looks</name>
    <message>
      <source>{}: nobody who is known</source>
      <translation>{}: niemand, der bekannt ist</translation>
    </message>
    <message>
      <source>{}: {}, {} sure</source>
      <translation>{}: {}, zu {} sicher</translation>
    </message>
    <message>
      <source>{}: perhaps {}, {} sure</source>
      <translation>{}: vielleicht {}, zu {} sicher</translation>
    </message>
  </context>
  <context>
    <name>dialogs</name>
    <message>
      <source>Open recording</source>
      <translation>Aufnahme öffnen</translation>
    </message>
    <message>
      <source>Audio, video and meetings</source>
      <translation>Audio, Video und Besprechungen</translation>
    </message>
    <message>
      <source>All files</source>
      <translation>Alle Dateien</translation>
    </message>
    <message>
      <source>Open a folder of recordings</source>
      <translation>Ordner mit Aufnahmen öffnen</translation>
    </message>
    <message>
      <source>Folder for the results</source>
      <translation>Ordner für die Ergebnisse</translation>
    </message>
    <message>
      <source>Save meeting as</source>
      <translation>Besprechung speichern unter</translation>
    </message>
    <message>
      <source>Meeting of Voicelanes</source>
      <translation>Besprechung von Voicelanes</translation>
    </message>
    <message>
      <source>Import turns</source>
      <translation>Redebeiträge importieren</translation>
    </message>
    <message>
      <source>Files with turns</source>
      <translation>Dateien mit Redebeiträgen</translation>
    </message>
    <message>
      <source>Import words</source>
      <translation>Wörter importieren</translation>
    </message>
    <message>
      <source>Transcripts</source>
      <translation>Transkripte</translation>
    </message>
  </context>
  <context>
    <name>GoTo</name>
    <message>
      <source>Go to time</source>
      <translation>Zu einer Zeit gehen</translation>
    </message>
    <message>
      <source>Time</source>
      <translation>Zeit</translation>
    </message>
    <message>
      <source>Seconds, or minutes:seconds, or hours:minutes:seconds</source>
      <translation>Sekunden, Minuten:Sekunden oder Stunden:Minuten:Sekunden</translation>
    </message>
    <message>
      <source>Not a time</source>
      <translation>Keine Zeit</translation>
    </message>
    <message>
      <source>The recording ends at {}</source>
      <translation>Die Aufnahme endet bei {}</translation>
    </message>
  </context>
  <context>
    <name>Notice</name>
    <message>
      <source>Copy details</source>
      <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
      <source>Copy this message, the technical details and the versions</source>
      <translation>Diese Meldung, die technischen Einzelheiten und die Versionen kopieren</translation>
    </message>
    <message>
      <source>Dismiss</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Dismiss this notice</source>
      <translation>Diese Meldung schließen</translation>
    </message>
  </context>
  <context>
    <name>NoticeArea</name>
    <message>
      <source>Notices</source>
      <translation>Meldungen</translation>
    </message>
  </context>
  <context>
    <name>StatusBar</name>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Cancel analysing</source>
      <translation>Analyse abbrechen</translation>
    </message>
    <message>
      <source>Speakers and turns</source>
      <translation>Sprecher und Beiträge</translation>
    </message>
    <message>
      <source>Length of the selection</source>
      <translation>Länge der Auswahl</translation>
    </message>
    <message>
      <source>Position and length</source>
      <translation>Stelle und Länge</translation>
    </message>
    <message>
      <source>1 speaker</source>
      <translation>1 Sprecher</translation>
    </message>
    <message>
      <source>{} speakers</source>
      <translation>{} Sprecher</translation>
    </message>
    <message>
      <source>1 turn</source>
      <translation>1 Beitrag</translation>
    </message>
    <message>
      <source>{} turns</source>
      <translation>{} Beiträge</translation>
    </message>
    <message>
      <source>selected: {}</source>
      <translation>ausgewählt: {}</translation>
    </message>
    <message>
      <source>{} turns selected: {}</source>
      <translation>{} Beiträge ausgewählt: {}</translation>
    </message>
  </context>
  <context>
    <name>status</name>
    <message>
      <source>{} s left</source>
      <translation>noch {} s</translation>
    </message>
    <message>
      <source>{} min left</source>
      <translation>noch {} min</translation>
    </message>
    <message>
      <source>{} h {} min left</source>
      <translation>noch {} h {} min</translation>
    </message>
  </context>
  <context>
    <name>ContextMenus</name>
    <message>
      <source>&amp;Give to speaker</source>
      <translation>Sprecher &amp;zuweisen</translation>
    </message>
  </context>
  <context>
    <name>Docks</name>
    <message>
      <source>Speakers</source>
      <translation>Sprecher</translation>
    </message>
    <message>
      <source>Turns</source>
      <translation>Beiträge</translation>
    </message>
    <message>
      <source>Words</source>
      <translation>Wörter</translation>
    </message>
    <message>
      <source>Markers</source>
      <translation>Marken</translation>
    </message>
    <message>
      <source>Voice map</source>
      <translation>Stimmenkarte</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Ordner</translation>
    </message>
    <message>
      <source>Panels</source>
      <translation>Felder</translation>
    </message>
  </context>
  <context>
    <name>FileDrop</name>
    <message>
      <source>That is not a file on this computer: download it first</source>
      <translation>Das ist keine Datei auf diesem Computer: erst herunterladen</translation>
    </message>
  </context>
  <context>
    <name>ToolBar</name>
    <message>
      <source>Tools</source>
      <translation>Werkzeuge</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>Öffnen</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Speichern</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>Pause</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>Fortsetzen</translation>
    </message>
    <message>
      <source>Record</source>
      <translation>Aufnehmen</translation>
    </message>
    <message>
      <source>Play</source>
      <translation>Abspielen</translation>
    </message>
  </context>
  <context>
    <name>RecentMenu</name>
    <message>
      <source>Open &amp;recent</source>
      <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
      <source>Folder {}</source>
      <translation>Ordner {}</translation>
    </message>
    <message>
      <source>No recordings yet</source>
      <translation>Noch keine Aufnahmen</translation>
    </message>
    <message>
      <source>&amp;Clear this list</source>
      <translation>Diese &amp;Liste leeren</translation>
    </message>
  </context>
  <context>
    <name>TrackDialog</name>
    <message>
      <source>Sound track</source>
      <translation>Tonspur</translation>
    </message>
    <message>
      <source>Sound tracks</source>
      <translation>Tonspuren</translation>
    </message>
    <message>
      <source>Which one is to be heard? The turns are found anew.</source>
      <translation>Welche soll gehört werden? Die Redebeiträge werden neu gefunden.</translation>
    </message>
    <message>
      <source>mono</source>
      <translation>mono</translation>
    </message>
    <message>
      <source>stereo</source>
      <translation>stereo</translation>
    </message>
    <message>
      <source>{} channels</source>
      <translation>{} Kanäle</translation>
    </message>
    <message>
      <source>the default</source>
      <translation>die voreingestellte</translation>
    </message>
  </context>
  <context>
    <name>WorkStatus</name>
    <message>
      <source>Opening…</source>
      <translation>Wird geöffnet…</translation>
    </message>
    <message>
      <source>Second pass: {} → {} speakers, {} turns changed; Ctrl+Z takes it back</source>
      <translation>Zweiter Durchgang: {} → {} Sprecher, {} Beiträge geändert; Strg+Z nimmt es zurück</translation>
    </message>
    <message>
      <source>Second pass: nothing changed</source>
      <translation>Zweiter Durchgang: nichts geändert</translation>
    </message>
    <message>
      <source>Saved {}</source>
      <translation>{} gespeichert</translation>
    </message>
  </context>
  <context>
    <name>Welcome</name>
    <message>
      <source>Who speaks when?</source>
      <translation>Wer spricht wann?</translation>
    </message>
    <message>
      <source>Record a meeting, or drop recordings here: audio or video.</source>
      <translation>Besprechung aufnehmen oder Aufnahmen hierher ziehen: Ton oder Video.</translation>
    </message>
    <message>
      <source>Everything stays on this computer.</source>
      <translation>Alles bleibt auf diesem Computer.</translation>
    </message>
    <message>
      <source>Record a meeting</source>
      <translation>Besprechung aufnehmen</translation>
    </message>
    <message>
      <source>Open recording…</source>
      <translation>Aufnahme öffnen…</translation>
    </message>
    <message>
      <source>Open folder…</source>
      <translation>Ordner öffnen…</translation>
    </message>
    <message>
      <source>Record from the microphone and see who speaks while they speak (Ctrl+R)</source>
      <translation>Vom Mikrofon aufnehmen und sehen, wer spricht, während gesprochen wird (Strg+R)</translation>
    </message>
    <message>
      <source>Find out who speaks when in all recordings of a folder (Ctrl+Shift+O)</source>
      <translation>Herausfinden, wer in allen Aufnahmen eines Ordners wann spricht (Strg+Umschalt+O)</translation>
    </message>
    <message>
      <source>Choose the microphone and check its level</source>
      <translation>Das Mikrofon wählen und seinen Pegel prüfen</translation>
    </message>
    <message>
      <source>Try the sample</source>
      <translation>Das Beispiel ausprobieren</translation>
    </message>
    <message>
      <source>A short conversation of synthetic voices</source>
      <translation>Ein kurzes Gespräch künstlicher Stimmen</translation>
    </message>
    <message>
      <source>Go on with {}</source>
      <translation>Mit {} fortsetzen</translation>
    </message>
    <message>
      <source>at {}</source>
      <translation>bei {}</translation>
    </message>
  </context>
  <context>
    <name>WordImport</name>
    <message>
      <source>Import words</source>
      <translation>Wörter importieren</translation>
    </message>
  </context>
  <context>
    <name>WordsPage</name>
    <message>
      <source>Find a word</source>
      <translation>Ein Wort suchen</translation>
    </message>
    <message>
      <source>No words yet. File &gt; Import words lays a transcript on the turns: subtitles, Whisper, Vosk, ELAN, Praat or text with names. Or write them in the table of turns (W).</source>
      <translation>Noch keine Wörter. Datei &gt; Wörter importieren legt ein Transkript auf die Beiträge: Untertitel, Whisper, Vosk, ELAN, Praat oder Text mit Namen. Oder in der Tabelle der Beiträge schreiben (W).</translation>
    </message>
  </context>
  <context>
    <name>_Page</name>
    <message>
      <source>What is said</source>
      <translation>Was gesagt wird</translation>
    </message>
  </context>
  <context>
    <name>RecogniserDialog</name>
    <message>
      <source>Recognise words</source>
      <translation>Wörter erkennen</translation>
    </message>
    <message>
      <source>Model folder</source>
      <translation>Modellordner</translation>
    </message>
    <message>
      <source>&amp;Browse…</source>
      <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
      <source>&amp;Also turns that have words, in place of those</source>
      <translation>&amp;Auch Beiträge, die Wörter haben, anstelle von diesen</translation>
    </message>
    <message>
      <source>Everything happens on this machine: nothing is downloaded, nothing is sent.</source>
      <translation>Alles geschieht auf diesem Rechner: Nichts wird heruntergeladen, nichts gesendet.</translation>
    </message>
    <message>
      <source>Recog&amp;nise</source>
      <translation>Erken&amp;nen</translation>
    </message>
    <message>
      <source>&amp;Recogniser:</source>
      <translation>&amp;Spracherkenner:</translation>
    </message>
    <message>
      <source>Model folder:</source>
      <translation>Modellordner:</translation>
    </message>
    <message>
      <source>&amp;Language:</source>
      <translation>S&amp;prache:</translation>
    </message>
    <message>
      <source>A folder with model.bin, config.json and tokenizer.json.</source>
      <translation>Ein Ordner mit model.bin, config.json und tokenizer.json.</translation>
    </message>
    <message>
      <source>A folder with a file ggml-*.bin or *.gguf, or the file.</source>
      <translation>Ein Ordner mit einer Datei ggml-*.bin oder *.gguf, oder die Datei.</translation>
    </message>
    <message>
      <source>The folder of an unpacked model, with am/final.mdl in it.</source>
      <translation>Der Ordner eines entpackten Modells, mit am/final.mdl darin.</translation>
    </message>
    <message>
      <source>Leave it empty for its own model, which is English; or a folder with mdef, a *.lm.bin and a *.dict.</source>
      <translation>Leer lassen für sein eigenes Modell, das Englisch versteht; oder ein Ordner mit mdef, einer *.lm.bin und einem *.dict.</translation>
    </message>
    <message>
      <source>found out; or a code such as de</source>
      <translation>wird erkannt; oder ein Kürzel wie de</translation>
    </message>
    <message>
      <source>that of the model</source>
      <translation>die des Modells</translation>
    </message>
    <message>
      <source>Model folder of {}</source>
      <translation>Modellordner von {}</translation>
    </message>
  </context>
  <context>
    <name>WordRecognition</name>
    <message>
      <source>Recognising words… {} %</source>
      <translation>Wörter werden erkannt … {} %</translation>
    </message>
    <message>
      <source>Words are being recognised already</source>
      <translation>Es werden schon Wörter erkannt</translation>
    </message>
    <message>
      <source>There is no recogniser of speech on this machine. Voicelanes works with {}; the guide says how to add one (Words by a recogniser).</source>
      <translation>Auf diesem Rechner ist kein Spracherkenner. Voicelanes arbeitet mit {}; die Anleitung sagt, wie man einen hinzufügt (Wörter von einem Spracherkenner).</translation>
    </message>
    <message>
      <source>All turns have words</source>
      <translation>Alle Beiträge haben Wörter</translation>
    </message>
    <message>
      <source>Recognise words</source>
      <translation>Wörter erkennen</translation>
    </message>
    <message>
      <source>Words in {} turns; Ctrl+Z takes them back</source>
      <translation>Wörter in {} Beiträgen; Strg+Z nimmt sie zurück</translation>
    </message>
  </context>
</TS>
