// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.pstore.format.RecordId;
import io.efirts.pstore.read.CrashRecord;
import io.efirts.pstore.read.RecordContent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Crash records as files with Linux's names in a directory; no file that exists is touched. */
final class RecordFiles {
  private final Path directory;
  private final PrintWriter err;

  RecordFiles(Path directory, PrintWriter err) {
    this.directory = directory;
    this.err = err;
  }

  /** Writes all of them; none if a file of one of the names exists. */
  void write(List<CrashRecord> records) {
    Map<Path, CrashRecord> files = new LinkedHashMap<>();
    for (CrashRecord record : records) {
      files.put(pathOf(record, files), record);
    }
    createDirectory();
    for (Path path : files.keySet()) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new CliException(path + ": file exists");
      }
    }
    files.forEach(this::write);
  }

  private Path pathOf(CrashRecord record, Map<Path, CrashRecord> taken) {
    RecordContent content = record.content();
    Path path = directory.resolve(content.fileName());
    CrashRecord other = taken.get(path);
    if (other == null) {
      return path;
    }
    Path distinct = directory.resolve(content.distinctFileName());
    CommandErrors.print(
        err,
        "id "
            + RecordId.text(record.name().id())
            + " is that of "
            + other.name()
            + " and of "
            + record.name()
            + ", which becomes "
            + distinct);
    return distinct;
  }

  private void createDirectory() {
    if (directory.toString().isEmpty()) {
      throw new CliException("the directory's name must not be empty");
    }
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new CliException(directory + ": is not a directory");
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw ImageFiles.failure(directory, e);
    }
  }

  private void write(Path path, CrashRecord record) {
    RecordContent content = record.content();
    if (!content.isDecoded()) {
      CommandErrors.print(
          err, record.name() + " cannot be decoded and is exported as it is stored: " + path);
    }
    try {
      Files.write(path, content.bytes(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }
}
