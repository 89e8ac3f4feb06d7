// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.promises;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** What surefire reports of the tests that ran in this build. */
final class TestReports {
  /** How a test ended. */
  enum Verdict {
    /** It ran, in all its invocations. */
    PASSED,
    /** At least one invocation was skipped or aborted. */
    SKIPPED,
    /** At least one invocation failed. */
    FAILED,
    /** No report of this build knows it. */
    DID_NOT_RUN
  }

  /** One invocation: {@code Class.method} or {@code Class.Nested.method}, without packages. */
  private record Invocation(String module, String name, Verdict verdict) {}

  private final XMLInputFactory xml = XMLInputFactory.newInstance();
  private final List<Invocation> invocations = new ArrayList<>();

  private TestReports() {
    xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
  }

  /**
   * Reads the reports of every module.
   *
   * @param root the folder of the modules
   * @param since when this build started; reports older than that are left out
   * @return what they say
   * @throws IOException if a report cannot be read
   */
  static TestReports read(Path root, Instant since) throws IOException {
    TestReports reports = new TestReports();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path module : modules) {
        Path folder = module.resolve("target/surefire-reports");
        if (Files.isDirectory(folder)) {
          reports.readModule(module.getFileName().toString(), folder, since);
        }
      }
    }
    return reports;
  }

  private void readModule(String module, Path folder, Instant since) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      for (Path file : files) {
        if (!Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
          readReport(module, file);
        }
      }
    }
  }

  private void readReport(String module, Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      XMLStreamReader reader = xml.createXMLStreamReader(bytes);
      String name = "";
      Verdict verdict = Verdict.PASSED;
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          switch (reader.getLocalName()) {
            case "testcase" -> {
              name = nameOf(reader);
              verdict = Verdict.PASSED;
            }
            case "skipped" -> verdict = Verdict.SKIPPED;
            case "failure", "error" -> verdict = Verdict.FAILED;
            default -> {
              // Output and properties decide nothing.
            }
          }
        } else if (event == XMLStreamConstants.END_ELEMENT
            && reader.getLocalName().equals("testcase")) {
          invocations.add(new Invocation(module, name, verdict));
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException("report must be XML: file=" + file, e);
    }
  }

  /** Invocations of one method differ in what follows its name: {@code method(int)[2]}. */
  private static String nameOf(XMLStreamReader testcase) {
    String className = testcase.getAttributeValue(null, "classname");
    String simpleName = className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
    String method = testcase.getAttributeValue(null, "name").split("[(\\[{]", 2)[0];
    return simpleName + "." + method;
  }

  /**
   * How a test ended.
   *
   * @param test a method, or a class with all that is in it
   * @return the worst ending of what the name stands for
   */
  Verdict verdict(Promise.NamedTest test) {
    Verdict worst = Verdict.DID_NOT_RUN;
    for (Invocation invocation : invocations) {
      boolean meant =
          invocation.module.equals(test.module())
              && (invocation.name.equals(test.name())
                  || invocation.name.startsWith(test.name() + "."));
      if (meant && (worst == Verdict.DID_NOT_RUN || invocation.verdict.compareTo(worst) > 0)) {
        worst = invocation.verdict;
      }
    }
    return worst;
  }
}
