// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.spec.EfiGuid;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Which variable in which file: the first three parameters. */
final class VariableParameters {
  @Parameters(index = "0", paramLabel = "FILE", description = "The image file.")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      converter = NameConverter.class,
      description = "The variable's name, in its letter case.")
  private String name;

  @Parameters(
      index = "2",
      paramLabel = "GUID",
      converter = GuidConverter.class,
      description = "Its vendor GUID, as 8be4df61-93ca-11d2-aa0d-00e098032b8c.")
  private EfiGuid guid;

  Path file() {
    return file;
  }

  String name() {
    return name;
  }

  EfiGuid guid() {
    return guid;
  }

  /** The service's name and the variable's, for messages. */
  String in(String service) {
    return service + " " + Printable.quoted(name);
  }

  private static final class NameConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (text.isEmpty()) {
        throw new TypeConversionException("name must not be empty");
      }
      return text;
    }
  }

  private static final class GuidConverter implements ITypeConverter<EfiGuid> {
    @Override
    public EfiGuid convert(String text) {
      try {
        return EfiGuid.of(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
