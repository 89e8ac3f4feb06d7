// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.firmware.store.NvImageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What can be wrong with a file before anybody looks at its content, in the user's words. */
final class ImageFiles {
  private ImageFiles() {}

  /** Also keeps from opening pipes and devices, which would wait or never end. */
  static void requireReadable(Path path) {
    BasicFileAttributes attributes = attributesOf(path);
    if (attributes.isDirectory()) {
      throw new CliException(path + ": is a directory");
    }
    if (!attributes.isRegularFile()) {
      throw new CliException(path + ": is not a regular file");
    }
    if (attributes.size() == 0) {
      throw new CliException(path + ": is empty");
    }
    if (!Files.isReadable(path)) {
      throw new CliException(path + ": permission denied");
    }
  }

  static void requireWritable(Path path) {
    requireReadable(path);
    if (!Files.isWritable(path)) {
      throw new CliException(path + ": permission denied");
    }
  }

  private static BasicFileAttributes attributesOf(Path path) {
    if (path.toString().isEmpty()) {
      throw new CliException("the file's name must not be empty");
    }
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** The one line for an exception that opening, copying or closing a file threw. */
  static CliException failure(Path path, IOException problem) {
    String text =
        switch (problem) {
          case NoSuchFileException e -> path + ": no such file";
          case FileAlreadyExistsException e -> path + ": file exists";
          case AccessDeniedException e -> path + ": permission denied";
          case FileSystemException e -> path + ": " + e.getReason();
          case NvImageException e -> path + ": " + e.getMessage();
          default -> problem.getMessage();
        };
    return new CliException(text, problem);
  }
}
