import loading from '@salesforce/label/c.Signal_Loading';
import retry from '@salesforce/label/c.Signal_Retry';
import errorHeading from '@salesforce/label/c.Signal_Error_Heading';
import errorUnknown from '@salesforce/label/c.Signal_Error_Unknown';
import noAccessHeading from '@salesforce/label/c.Signal_No_Access_Heading';
import noAccessText from '@salesforce/label/c.Signal_No_Access_Text';
import noViewAccessText from '@salesforce/label/c.Signal_No_View_Access_Text';
import unknown from '@salesforce/label/c.Signal_Unknown_Value';

/** Words of what every panel says while it has nothing to show. */
export default {
  loading,
  retry,
  errorHeading,
  errorUnknown,
  noAccessHeading,
  noAccessText,
  noViewAccessText,
  unknown,
};
